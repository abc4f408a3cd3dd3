// The steps of a scan, one source of namespaces each. They fill the same table; the order is that of scan.cpp.
#pragma once

#include <vector>

#include "inspect/machine.hpp"
#include "inspect/namespace_table.hpp"
#include "inspect/proc_reader.hpp"

namespace caisson::inspect {

struct Scan {
  const ScanScope& scope;
  ProcReader& proc;
  NamespaceTable& table;
  Machine& machine;

  // Whether namespaces of that kind are listed, and whether it is asked in which one a process is.
  bool wants(ns::Type type) const noexcept { return !scope.only || *scope.only == type; }
  bool reads(ns::Type type) const noexcept { return wants(type) || (type == ns::Type::Mount && scope.other_mounts); }
  // The namespace of a process, which is asked for when it has not been read.
  std::uint64_t home_of(const Process& process, ns::Type type);
};

// Processes and what they are in, and what their next children would be born into.
void scan_processes(Scan& scan, const std::vector<pid_t>& pids);
// Threads that are elsewhere than their process.
void scan_threads(Scan& scan);
// Open namespace files and sockets.
void scan_descriptors(Scan& scan);
// Namespace files that are mounted.
void scan_own_mounts(Scan& scan);
void scan_other_mounts(Scan& scan);
// Owners, parents and ids; finds those that only live on as owner or parent.
void scan_relations(Scan& scan);
// Containers of processes; pins, names of `ip netns` and containers of namespaces.
void scan_names(Scan& scan);

}  // namespace caisson::inspect
