// Everything that can be read of one process from outside, as plain values. What only exists inside its namespaces (devices,
// host name, sysctls) is in inside_facts.hpp.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>
#include <vector>

#include "inspect/cgroup_use.hpp"
#include "inspect/fact.hpp"
#include "inspect/process_dir.hpp"
#include "inspect/process_tables.hpp"
#include "inspect/sections.hpp"
#include "inspect/status_file.hpp"
#include "mount/mountinfo.hpp"
#include "ns/kinds.hpp"

namespace caisson::inspect {

struct NamespaceSeen {
  ns::Type type = ns::Type::User;
  Fact<std::uint64_t> own, callers, first;  // inodes: of the process, of the caller, of PID 1
  // pid, time: of the children that it makes from now on, where that is another; else as `own`.
  Fact<std::uint64_t> for_children;

  bool differs_from_callers() const noexcept { return own.known() && callers.known() && *own != *callers; }
};

struct IdMaps {
  Fact<std::vector<spec::IdMapping>> uids, gids;
  Fact<std::string> setgroups;  // "allow", "deny"
};

struct ProcessFacts {
  pid_t pid = 0;
  Fact<StatusFile> status;
  Fact<std::string> command;              // as a shell reads it; "[name]" of a process without a command line
  Fact<std::string> executable;           // as the process sees it
  Fact<std::string> root, cwd;            // root: as the caller sees it
  std::vector<NamespaceSeen> namespaces;  // as ns::kKinds; none of a kind that the kernel does not have
  IdMaps maps;
  Fact<std::string> label;  // of the security module
  Fact<std::vector<CgroupSeen>> cgroups;
  Fact<std::vector<mount::MountInfo>> mounts;
  Fact<std::vector<ResourceLimit>> limits;
  bool ended = false;  // while it was looked at: what is missing is missing for that

  const NamespaceSeen* find(ns::Type type) const noexcept;
};

// What no wanted section needs is not read.
ProcessFacts read_process(const ProcessDir& directory, const sys::Pidfd& process, Sections wanted);

}  // namespace caisson::inspect
