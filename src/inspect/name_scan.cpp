// Names that people know: of containers for processes, and for the namespaces that all belong to them; of pins.
#include <algorithm>

#include "base/error.hpp"
#include "inspect/container_name.hpp"
#include "inspect/pin.hpp"
#include "inspect/scan_steps.hpp"
#include "state/store.hpp"

namespace caisson::inspect {
namespace {

void add_name(NamespaceEntry& entry, const std::string& name) {
  if (std::ranges::find(entry.names, name) == entry.names.end()) entry.names.push_back(name);
}

void name_by_records(Scan& scan, std::vector<CaissonCgroup>& cgroups) {
  const auto root = state::StateRoot::open(scan.scope.state_root);
  if (!root) return;
  for (const state::Entry& entry : root->list()) {
    if (!entry.record) continue;
    for (const state::CgroupRecord& cgroup : entry.record->cgroups) cgroups.push_back({cgroup.path, entry.id});
  }
}

void name_processes(Scan& scan, const std::vector<CaissonCgroup>& cgroups) {
  // Most processes stand in the cgroup of the one before.
  std::string before, name;
  for (Process& process : scan.machine.processes) {
    const auto text = scan.proc.read(ProcPath(process.pid, "/cgroup"));
    if (!text.ok()) continue;
    if (text.value() != before) {
      before = text.value();
      name = container_name(before, cgroups);
    }
    process.container = name;
  }
}

// A namespace that processes outside of containers are in, too, is nobody's.
void name_by_members(Scan& scan) {
  for (std::size_t i = 0; i < scan.table.size(); ++i) {
    NamespaceEntry& entry = scan.table[i];
    const auto container = [&](std::size_t member) -> const std::string& { return scan.machine.processes[member].container; };
    if (std::ranges::any_of(entry.members, [&](std::size_t member) { return container(member).empty(); })) continue;
    for (const std::size_t member : entry.members) add_name(entry, container(member));
  }
}

void name_by_pins(Scan& scan) {
  for (const Pin& pin : list_pins(scan.scope.state_root)) {
    const std::size_t place = scan.table.find(pin.type, pin.inode);
    if (place != NamespaceTable::kNone) add_name(scan.table[place], pin.label());
  }
}

}  // namespace

void scan_names(Scan& scan) {
  std::vector<CaissonCgroup> cgroups;
  if (!scan.scope.state_root.empty()) {
    name_by_pins(scan);
    name_by_records(scan, cgroups);
  }
  name_processes(scan, cgroups);
  name_by_members(scan);
}

}  // namespace caisson::inspect
