#include "inspect/surroundings.hpp"

#include <fcntl.h>
#include <algorithm>

#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::inspect {
namespace {

bool has_far_ends(const Subject& subject) {
  const auto& links = subject.inside.links;
  return links.known() && subject.inside.route_socket.valid() &&
         std::ranges::any_of(*links, [](const net::Link& link) { return link.peer_nsid.has_value(); });
}

// Of the oldest member that can be asked. Not valid: none can.
sys::UniqueFd open_member(const Machine& machine, const NamespaceEntry& entry) {
  for (const std::size_t member : entry.members) {
    auto opened = sys::open_at(sys::kCwd, text::join("/proc/", machine.processes[member].pid, "/ns/net").c_str(), O_RDONLY);
    if (!opened.ok()) continue;
    const auto status = sys::status_of_fd(opened.value().borrow());
    if (status.ok() && status.value().inode == entry.inode) return std::move(opened).value();
  }
  return {};
}

// The kernel says "device 7 of number 3": which namespace has number 3 here is asked of each that there is.
void name_far_ends(Subject& subject, const Machine& machine) {
  net::LinkReader reader;
  for (const NamespaceEntry& entry : machine.namespaces) {
    if (entry.type != ns::Type::Network) continue;
    const sys::UniqueFd opened = open_member(machine, entry);
    if (!opened.valid()) continue;
    const auto number = reader.nsid(subject.inside.route_socket.borrow(), opened.borrow());
    if (!number) continue;
    for (net::Link& link : *subject.inside.links.value)
      if (link.peer_nsid == number) link.peer_namespace = entry.inode;
  }
}

ScanScope scope_for(const Subject& subject, Sections wanted) {
  if (subject.lone) {
    ScanScope scope = ScanScope::everything();
    // The groups of mounts, and the far ends of devices, are of the same kind.
    if (!(*subject.lone == ns::Type::User || *subject.lone == ns::Type::Pid)) scope.only = subject.lone;
    return scope;
  }
  ScanScope scope;
  if (!wanted.has(Section::Namespaces)) {
    if (wanted.has(Section::Mounts) && !has_far_ends(subject)) scope.only = ns::Type::Mount;
    if (!wanted.has(Section::Mounts)) scope.only = ns::Type::Network;
  }
  return scope;
}

bool has_groups(const Subject& subject) {
  const auto& mounts = subject.process.mounts;
  return mounts.known() && std::ranges::any_of(*mounts, [](const mount::MountInfo& mount) {
           return mount.shared || mount.master || mount.propagate_from;
         });
}

}  // namespace

Surroundings look_around(Subject& subject, Sections wanted) {
  Surroundings around;
  const bool groups = wanted.has(Section::Mounts) && has_groups(subject), far = has_far_ends(subject);
  if (wanted.has(Section::Namespaces) || groups || far) around.machine = scan(scope_for(subject, wanted));
  if (groups) around.groups = read_peer_groups(around.machine);
  if (far) name_far_ends(subject, around.machine);
  if (wanted.has(Section::Sysctls) && subject.inside.find(ns::Type::Network) != nullptr)
    around.callers = look_inside({}, {ns::Type::Network}, wanted);
  return around;
}

}  // namespace caisson::inspect
