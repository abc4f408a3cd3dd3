// The finished plan of a container: every path, flag, mask and program computed, nothing looked up any more. A value, made by
// make_plan() without a system call; launch/ carries it out, describe.hpp prints it, tests compare it with golden files.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cgroup/plan.hpp"
#include "mount/devices.hpp"
#include "mount/host_view.hpp"
#include "mount/mount_step.hpp"
#include "mount/root.hpp"
#include "ns/id_map.hpp"
#include "ns/namespace_plan.hpp"
#include "plan/process_plan.hpp"
#include "plan/request.hpp"
#include "spec/spec.hpp"

namespace caisson::plan {

// The new network namespace can be made by the runtime while the child mounts: a millisecond saved. Only when both stand in the
// same user namespace, which has to own it.
enum class NetworkMaker : std::uint8_t { Nobody, Child, Runtime };

struct RootPlan {
  mount::RootStep step;                          // rootfs empty with a host view
  std::optional<mount::HostViewPlan> host_view;  // instead of a rootfs
  PivotMode pivot = PivotMode::Pivot;
};

struct Sysctl {
  std::string path;  // below /proc/sys
  std::string value;
};

struct Plan {
  std::string id, bundle;
  ns::NamespacePlan namespaces;
  ns::IdMapPlan id_maps;
  NetworkMaker network = NetworkMaker::Nobody;
  cgroup::CgroupPlan cgroup;
  RootPlan root;
  std::vector<mount::MountStep> mounts;
  std::size_t network_before_mount = 0;  // index in mounts of the first that shows the network namespace (sysfs); or the end
  std::size_t devices_before_mount = 0;  // how many mounts come before the devices; the rest has nothing to do with /dev
  mount::DevicePlan devices;
  std::vector<std::string> masked_paths, readonly_paths;
  std::string hostname, domainname;
  std::vector<Sysctl> sysctls;
  std::string session_keyring;  // id that names it; empty: keep the caller's
  End end = End::ByItself;
  spec::Hooks hooks;
  ProcessPlan process;

  bool awaits_network = false;  // until the runtime has connected it

  bool has_runtime_hooks() const noexcept { return awaits_network || !hooks.prestart.empty() || !hooks.create_runtime.empty(); }
  // createContainer hooks may have what the runtime has: then the bounding set is limited after them.
  bool limits_capabilities_early() const noexcept { return hooks.create_container.empty(); }
  bool own_mount_namespace() const noexcept { return namespaces.own(ns::Type::Mount); }
};

// Pure. Throws Error{Spec} for what contradicts itself and Error{Host} for what this machine or version cannot do.
Plan make_plan(const spec::Spec& spec, const host::HostFacts& facts, const Request& request);

}  // namespace caisson::plan
