// The mount system calls, old (man 2 mount) and new (fsopen, open_tree, move_mount, mount_setattr).
#pragma once

#include <sys/mount.h>

#include "sys/fd.hpp"
#include "sys/kernel_abi.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

SysStatus mount(const char* source, const char* target, const char* type, unsigned long flags, const char* data) noexcept;
SysStatus unmount(const char* target, int flags) noexcept;
SysStatus pivot_root(const char* new_root, const char* put_old) noexcept;

SysResult<UniqueFd> fs_open(const char* type) noexcept;                             // 5.2
SysStatus fs_set(BorrowedFd context, const char* key, const char* value) noexcept;  // nullptr: a flag
SysStatus fs_set_fd(BorrowedFd context, const char* key, BorrowedFd fd) noexcept;
SysStatus fs_create(BorrowedFd context) noexcept;
SysResult<MountFd> fs_mount(BorrowedFd context, std::uint64_t attributes) noexcept;  // detached
// A detached copy of the mount at path below dir (OPEN_TREE_CLONE); an empty path copies the mount of dir itself.
SysResult<MountFd> clone_tree(BorrowedFd dir, const char* path, bool recursive) noexcept;
// The same with attributes set before anybody can see it: one call from 6.15 on, two before.
SysResult<MountFd> clone_tree_with(BorrowedFd dir, const char* path, bool recursive, abi::MountAttr attributes) noexcept;
SysStatus set_mount_attributes(BorrowedFd mount, bool recursive, abi::MountAttr attributes) noexcept;  // 5.12
// Attaches a detached mount on the file or directory that target refers to.
SysStatus attach_mount(const MountFd& mount, BorrowedFd target) noexcept;
SysStatus attach_mount_at(const MountFd& mount, BorrowedFd dir, const char* path) noexcept;
// The filesystem context's own words on its last failure, one line, without the "e " prefix; empty if it has none.
std::string fs_message(BorrowedFd context) noexcept;

}  // namespace caisson::sys
