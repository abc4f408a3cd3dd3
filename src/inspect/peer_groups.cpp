// read_peer_groups of mount_tree.hpp: the one part of it that looks at the machine.
#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/mount_tree.hpp"
#include "sys/file.hpp"

namespace caisson::inspect {
namespace {

// Of the oldest member that can be asked; its pid may be another's by now: then its namespace is not this one any more.
bool add_namespace(const Machine& machine, const NamespaceEntry& entry, PeerGroups& groups) {
  for (const std::size_t member : entry.members) {
    const Process& process = machine.processes[member];
    const std::string path = text::join("/proc/", process.pid);
    auto table = sys::read_file(sys::kCwd, (path + "/mountinfo").c_str());
    const auto link = sys::read_link(sys::kCwd, (path + "/ns/mnt").c_str());
    if (!table.ok() || !link.ok() || link.value() != text::join("mnt:[", entry.inode, "]")) continue;
    add_members(mount::parse_mountinfo(table.value()),
                {.mount_namespace = entry.inode, .pid = process.pid, .command = process.command}, groups);
    return true;
  }
  return false;
}

}  // namespace

PeerGroups read_peer_groups(const Machine& machine) {
  PeerGroups groups;
  for (const NamespaceEntry& entry : machine.namespaces) {
    if (entry.type != ns::Type::Mount) continue;
    if (entry.members.empty())
      ++groups.empty;
    else if (!add_namespace(machine, entry, groups))
      ++groups.unreadable;
  }
  return groups;
}

}  // namespace caisson::inspect
