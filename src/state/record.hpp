// What is kept on disk about a container, as plain values, and its JSON text. The intent is written before the first side
// effect, so that delete can clean up after a runtime that was killed at any moment; the record follows once the container's
// init exists.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"
#include "state/identity.hpp"

namespace caisson::state {

// A directory in one cgroup hierarchy (cgroup::Place).
struct CgroupRecord {
  std::string mount_point, path, controllers;
  bool operator==(const CgroupRecord&) const = default;
};

struct Intent {
  std::string id, bundle;
  std::vector<CgroupRecord> cgroups;
};

struct NamespaceRecord {
  spec::NamespaceType type = spec::NamespaceType::Mount;
  std::string path;         // joined by path; empty: a new one
  std::uint64_t inode = 0;  // of the namespace file; 0: not known
};

struct Record {
  std::string id, bundle, rootfs;
  std::string oci_version;
  std::string created;  // RFC 3339 with nanoseconds, UTC
  Identity init;
  uid_t owner = 0;  // euid of the creator
  bool terminal = false;
  bool systemd_cgroup = false;
  bool caller_keyring = false;  // made with --no-new-keyring: exec keeps the keyring of its caller, too
  std::map<std::string, std::string> annotations;
  std::vector<CgroupRecord> cgroups;        // as they exist; v2 first
  std::vector<NamespaceRecord> namespaces;  // those of the configuration
  std::vector<spec::Hook> poststart, poststop;
  std::string config;  // config.json as read at create: later changes of the bundle have no effect. Not in the JSON text
};

std::string to_json(const Intent& intent);
std::string to_json(const Record& record);
// Throw Error(State) naming what is wrong.
Intent parse_intent(std::string_view json);
Record parse_record(std::string_view json);

}  // namespace caisson::state
