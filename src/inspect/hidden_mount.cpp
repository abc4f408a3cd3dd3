#include "inspect/hidden_mount.hpp"

#include <fcntl.h>
#include <sys/mount.h>

#include <optional>

#include "base/text.hpp"
#include "ns/kinds.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"
#include "sys/mount_listing.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

constexpr std::uint64_t kNewMountNamespace = ns::kind_of(ns::Type::Mount).flag;
constexpr std::uint64_t kShareDescriptors = 0x00000400;  // CLONE_FILES

// Looked at, not opened: what stands at the path may be a device, or a file of a filesystem that never answers.
int look_if(const char* path, std::uint64_t inode) noexcept {
  auto seen = sys::open_at(sys::kCwd, path, O_PATH | O_NOFOLLOW);
  if (!seen.ok()) return -1;
  const auto magic = sys::filesystem_magic(seen.value().borrow());
  const auto status = sys::status_of_fd(seen.value().borrow());
  const bool good = magic.ok() && magic.value() == sys::abi::kNsfsMagic && status.ok() && status.value().inode == inode;
  return good ? seen.value().release() : -1;
}

// In the child. What is mounted over the file is taken away in a copy of the mount namespace.
int find(std::optional<sys::BorrowedFd> mount_namespace, const char* path, std::uint64_t inode) noexcept {
  constexpr int kMostLayers = 16;
  if (mount_namespace && !sys::set_namespace(*mount_namespace, kNewMountNamespace).ok()) return -1;
  int found = look_if(path, inode);
  if (found >= 0) return found;
  if (!sys::unshare(kNewMountNamespace).ok() || !sys::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr).ok())
    return -1;
  for (int layer = 0; layer < kMostLayers && found < 0; ++layer) {
    if (!sys::unmount(path, MNT_DETACH | UMOUNT_NOFOLLOW).ok()) return -1;
    found = look_if(path, inode);
  }
  return found;
}

sys::NamespaceFd ask_child(std::optional<sys::BorrowedFd> mount_namespace, const std::string& path, std::uint64_t inode) {
  const auto pipe = sys::make_pipe();
  if (!pipe.ok()) return {};
  const auto child = sys::clone_with_pidfd(kShareDescriptors);
  if (!child.ok()) return {};
  if (child.value().pid == 0) {
    const int number = find(mount_namespace, path.c_str(), inode);
    const std::string_view bytes(reinterpret_cast<const char*>(&number), sizeof number);
    sys::exit_now(number >= 0 && sys::write_full(pipe.value().write.borrow(), bytes).ok() ? 0 : 1);
  }
  const auto ended = sys::wait_for(child.value().process);
  int number = -1;
  if (!ended.ok() || ended.value().as_shell() != 0) return {};
  if (sys::read_some(pipe.value().read.borrow(), &number, sizeof number).value_or(0) != sizeof number) return {};
  const sys::UniqueFd seen(number);
  auto opened = sys::open_at(sys::kCwd, text::join("/proc/self/fd/", number).c_str(), O_RDONLY);
  return opened.ok() ? sys::NamespaceFd{std::move(opened).value()} : sys::NamespaceFd{};
}

}  // namespace

void for_each_mount_namespace(const std::function<bool(sys::BorrowedFd, std::uint64_t)>& visit) {
  auto here = sys::open_at(sys::kCwd, "/proc/self/ns/mnt", O_RDONLY);
  if (!here.ok()) return;
  sys::NamespaceFd current{std::move(here).value()};
  auto before = sys::previous_mount_namespace(current.borrow());
  // Its own comes first or last: without the right to walk there is nothing to see that the caller does not know.
  bool walks = before.ok();
  for (; before.ok(); before = sys::previous_mount_namespace(current.borrow())) current = std::move(before).value();
  for (;;) {
    auto next = sys::next_mount_namespace(current.borrow());
    walks = walks || next.ok();
    if (!walks) return;
    const auto status = sys::status_of_fd(current.borrow());
    if (status.ok() && !visit(current.borrow(), status.value().inode)) return;
    if (!next.ok()) return;
    current = std::move(next).value();
  }
}

sys::NamespaceFd open_hidden_mount(std::uint64_t mount_namespace, const std::string& path, std::uint64_t inode) {
  if (mount_namespace == 0) return ask_child(std::nullopt, path, inode);
  sys::NamespaceFd found;
  for_each_mount_namespace([&](sys::BorrowedFd fd, std::uint64_t number) {
    if (number != mount_namespace) return true;
    found = ask_child(fd, path, inode);
    return false;
  });
  return found;
}

}  // namespace caisson::inspect
