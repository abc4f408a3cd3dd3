#include <algorithm>

#include "inspect/command_line.hpp"
#include "inspect/machine.hpp"
#include "inspect/scan_steps.hpp"
#include "inspect/second_look.hpp"

namespace caisson::inspect {
namespace {

void sort_namespaces(Machine& machine) {
  std::ranges::sort(machine.namespaces, [](const NamespaceEntry& a, const NamespaceEntry& b) {
    return a.type != b.type ? a.type < b.type : a.inode < b.inode;
  });
}

}  // namespace

ScanScope ScanScope::everything() {
  return {.threads = true,
          .descriptors = true,
          .mounts = true,
          .other_mounts = true,
          .future_children = true,
          .relations = true,
          .names = true,
          .commands = true,
          .start_times = true};
}

const NamespaceEntry* Machine::find(ns::Type type, std::uint64_t inode) const noexcept {
  const auto before = [](const NamespaceEntry& entry, const std::pair<ns::Type, std::uint64_t>& wanted) {
    return entry.type != wanted.first ? entry.type < wanted.first : entry.inode < wanted.second;
  };
  const auto found = std::lower_bound(namespaces.begin(), namespaces.end(), std::pair{type, inode}, before);
  return found != namespaces.end() && found->type == type && found->inode == inode ? &*found : nullptr;
}

const Process* Machine::process(pid_t pid) const noexcept {
  const auto found = std::ranges::lower_bound(processes, pid, {}, &Process::pid);
  return found != processes.end() && found->pid == pid ? &*found : nullptr;
}

Machine scan(const ScanScope& scope) {
  Machine machine;
  ProcReader proc;
  NamespaceTable table(machine.namespaces);
  Scan scan{scope, proc, table, machine};
  const std::vector<pid_t> pids = proc.processes();
  SecondLook second_look(scope, pids);
  scan_processes(scan, pids);
  if (scope.commands)
    for (Process& process : machine.processes) process.command = command_of(proc, process.pid);
  second_look.finish(scan);
  if (scope.mounts) scan_own_mounts(scan);
  if (scope.other_mounts) scan_other_mounts(scan);
  if (scope.relations || scope.orphan_relations) scan_relations(scan);
  if (scope.names) scan_names(scan);
  sort_namespaces(machine);
  return machine;
}

}  // namespace caisson::inspect
