#include <fcntl.h>

#include <string>

#include "inspect/hidden_mount.hpp"
#include "inspect/machine.hpp"
#include "inspect/proc_reader.hpp"
#include "sys/namespace.hpp"
#include "sys/netdevice.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

sys::NamespaceFd open_path(sys::BorrowedFd dir, const char* path) {
  auto opened = sys::open_at(dir, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
  return opened.ok() ? sys::NamespaceFd{std::move(opened).value()} : sys::NamespaceFd{};
}

sys::NamespaceFd open_socket(const Holder& holder) {
  const auto process = sys::open_pidfd(holder.pid);
  if (!process.ok()) return {};
  const auto socket = sys::descriptor_of(process.value(), holder.descriptor);
  if (!socket.ok()) return {};
  auto network = sys::network_namespace_of(socket.value().borrow());
  return network.ok() ? sys::NamespaceFd{std::move(network).value()} : sys::NamespaceFd{};
}

// In another mount namespace: below the root of a process that is in it.
sys::NamespaceFd open_mount(sys::BorrowedFd proc, const Holder& holder) {
  // Whatever stands there by now is only opened when it is a namespace.
  const auto namespace_at = [](sys::BorrowedFd dir, const std::string& path) {
    auto opened = sys::open_namespace_file(dir, path.c_str(), sys::LastLink::Stays);
    return opened.ok() ? std::move(opened).value() : sys::NamespaceFd{};
  };
  if (holder.mount_namespace == kUnknown) return namespace_at(sys::kCwd, holder.path);
  if (holder.pid == 0) return {};
  return namespace_at(proc, text::join(holder.pid, "/root", holder.path));
}

sys::NamespaceFd open_by(sys::BorrowedFd proc, const NamespaceEntry& entry, const Holder& holder) {
  const char* const kind = ns::kind_of(entry.type).proc;
  switch (holder.how) {
    case HeldBy::Thread:
      return open_path(proc, ProcPath(holder.pid, "/task/", holder.thread, "/ns/", kind).c_str());
    case HeldBy::Descriptor:
      return open_path(proc, ProcPath(holder.pid, "/fd/", holder.descriptor).c_str());
    case HeldBy::Socket:
      return open_socket(holder);
    case HeldBy::Mount:
      return open_mount(proc, holder);
    case HeldBy::FutureChildren:
      return open_path(proc, ProcPath(holder.pid, "/ns/", kind, "_for_children").c_str());
    case HeldBy::Children:
      break;
  }
  return {};
}

// Not whatever stands there meanwhile: a process with the same number, a file that was mounted over it.
bool is(const NamespaceEntry& entry, const sys::NamespaceFd& opened) {
  if (!opened.valid()) return false;
  const auto status = sys::status_of_fd(opened.borrow());
  return status.ok() && status.value().inode == entry.inode;
}

}  // namespace

sys::NamespaceFd open_entry(const Machine& machine, const NamespaceEntry& entry) {
  const auto proc = sys::open_at(sys::kCwd, "/proc", O_PATH | O_DIRECTORY);
  if (!proc.ok()) return {};
  constexpr std::size_t kTries = 4;  // they end, but not all at once
  for (std::size_t i = 0; i < entry.members.size() && i < kTries; ++i) {
    const pid_t pid = machine.processes[entry.members[i]].pid;
    sys::NamespaceFd opened = open_path(proc.value().borrow(), ProcPath(pid, "/ns/", ns::kind_of(entry.type).proc).c_str());
    if (is(entry, opened)) return opened;
  }
  for (const Holder& holder : entry.holders) {
    sys::NamespaceFd opened = open_by(proc.value().borrow(), entry, holder);
    if (is(entry, opened)) return opened;
  }
  for (const Holder& holder : entry.holders) {
    if (holder.how != HeldBy::Mount) continue;
    sys::NamespaceFd opened = open_hidden_mount(holder.mount_namespace, holder.path, entry.inode);
    if (is(entry, opened)) return opened;
  }
  return {};
}

}  // namespace caisson::inspect
