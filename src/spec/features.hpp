// The document of `features` (features.md and features-linux.md of runtime-spec 1.3.0): what this runtime can do on any host.
// The lists come from the tables of the modules above, so that what is announced is what is implemented.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::spec {

struct CgroupFeatures {
  bool v1 = false, v2 = false, systemd = false, systemd_user = false, rdma = false;
};
struct SeccompFeatures {
  bool enabled = false;
  std::vector<std::string> actions, operators, archs;  // empty: the vocabulary of spec/
  std::vector<std::string> known_flags;                // empty: the vocabulary of spec/
  std::vector<std::string> supported_flags;            // those that this kernel takes
};
struct IntelRdtFeatures {
  bool enabled = false, schemata = false, monitoring = false;
};

struct FeaturesInput {
  std::vector<std::string> hooks;          // empty: all six
  std::vector<std::string> mount_options;  // must be complete: containerd looks for "rro" here
  std::vector<std::string> namespaces;     // empty: all eight
  std::vector<std::string> capabilities;   // empty: the vocabulary of spec/
  CgroupFeatures cgroup;
  SeccompFeatures seccomp;
  bool apparmor = false, selinux = false;
  IntelRdtFeatures intel_rdt;
  std::vector<std::string> memory_policy_modes, memory_policy_flags;  // both empty: no support
  bool idmap_mounts = false, net_devices = false;
  std::map<std::string, std::string> annotations;
  std::vector<std::string> potentially_unsafe_config_annotations;  // a final '.' makes it a prefix
};

// Four-space indent, as runc writes it, without the final newline.
std::string write_features(const FeaturesInput& input);

}  // namespace caisson::spec
