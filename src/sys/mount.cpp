#include "sys/mount.hpp"

#include <cerrno>

#include "sys/call.hpp"

namespace caisson::sys {
SysStatus mount(const char* source, const char* target, const char* type, unsigned long flags, const char* data) noexcept {
  return status_of(call(SYS_mount, source, target, type, flags, data));
}
SysStatus unmount(const char* target, int flags) noexcept { return status_of(call(SYS_umount2, target, flags)); }
SysStatus pivot_root(const char* new_root, const char* put_old) noexcept {
  return status_of(call(SYS_pivot_root, new_root, put_old));
}

SysResult<UniqueFd> fs_open(const char* type) noexcept {
  const long result = call(SYS_fsopen, type, abi::kFsopenCloexec);
  if (result < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-result));
  return UniqueFd(static_cast<int>(result));
}
SysStatus fs_set(BorrowedFd context, const char* key, const char* value) noexcept {
  const unsigned command = value == nullptr ? abi::kFsconfigSetFlag : abi::kFsconfigSetString;
  return status_of(call(SYS_fsconfig, context.get(), command, key, value, 0));
}
SysStatus fs_set_fd(BorrowedFd context, const char* key, BorrowedFd fd) noexcept {
  return status_of(call(SYS_fsconfig, context.get(), abi::kFsconfigSetFd, key, nullptr, fd.get()));
}
SysStatus fs_create(BorrowedFd context) noexcept {
  return status_of(call(SYS_fsconfig, context.get(), abi::kFsconfigCmdCreate, nullptr, nullptr, 0));
}
SysResult<MountFd> fs_mount(BorrowedFd context, std::uint64_t attributes) noexcept {
  return fd_of<MountFd>(call(SYS_fsmount, context.get(), abi::kFsmountCloexec, attributes));
}

SysResult<MountFd> clone_tree(BorrowedFd dir, const char* path, bool recursive) noexcept {
  const unsigned flags = abi::kOpenTreeClone | abi::kOpenTreeCloexec | abi::kAtEmptyPath | (recursive ? abi::kAtRecursive : 0U);
  return fd_of<MountFd>(call(SYS_open_tree, dir.get(), path, flags));
}

SysResult<MountFd> clone_tree_with(BorrowedFd dir, const char* path, bool recursive, abi::MountAttr attributes) noexcept {
  const unsigned flags = abi::kOpenTreeClone | abi::kOpenTreeCloexec | abi::kAtEmptyPath | (recursive ? abi::kAtRecursive : 0U);
  const long direct = call(SYS_open_tree_attr, dir.get(), path, flags, &attributes, sizeof attributes);
  if (direct != -ENOSYS && direct != -EPERM) return fd_of<MountFd>(direct);  // EPERM: also a seccomp filter older than the call
  auto copy = clone_tree(dir, path, recursive);
  if (!copy.ok()) return copy;
  const auto set = set_mount_attributes(copy.value().borrow(), recursive, attributes);
  return set.ok() ? std::move(copy) : SysResult<MountFd>::failed(set.err());
}

SysStatus set_mount_attributes(BorrowedFd mount, bool recursive, abi::MountAttr attributes) noexcept {
  const unsigned flags = abi::kAtEmptyPath | (recursive ? abi::kAtRecursive : 0U);
  return status_of(call(SYS_mount_setattr, mount.get(), "", flags, &attributes, sizeof attributes));
}

SysStatus attach_mount(const MountFd& mount, BorrowedFd target) noexcept {
  return status_of(
      call(SYS_move_mount, mount.borrow().get(), "", target.get(), "", abi::kMoveMountFEmptyPath | abi::kMoveMountTEmptyPath));
}

SysStatus attach_mount_at(const MountFd& mount, BorrowedFd dir, const char* path) noexcept {
  return status_of(call(SYS_move_mount, mount.borrow().get(), "", dir.get(), path, abi::kMoveMountFEmptyPath));
}

std::string fs_message(BorrowedFd context) noexcept {
  char line[512];
  std::string last;
  for (;;) {
    const long got = raw_syscall(SYS_read, context.get(), as_word(&line[0]), sizeof line);
    if (got <= 0) return last;
    std::string_view message(line, static_cast<std::size_t>(got));
    if (message.starts_with("e ")) last = std::string(text::trim(message.substr(2)));
  }
}

}  // namespace caisson::sys
