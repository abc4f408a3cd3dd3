// The mount namespaces of the kernel's list, and the mounts of any of them. man 2 listmount, man 2 ioctl_nsfs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

// The number by which listmount(2) knows a mount namespace: NS_GET_MNTNS_ID (6.11).
SysResult<std::uint64_t> mount_namespace_id(BorrowedFd mount_namespace) noexcept;
// The neighbours in the kernel's list of mount namespaces: NS_MNT_GET_NEXT and _PREV (6.12). ENOENT at its end; those that the
// caller has no CAP_SYS_ADMIN over are left out.
SysResult<NamespaceFd> next_mount_namespace(BorrowedFd mount_namespace) noexcept;
SysResult<NamespaceFd> previous_mount_namespace(BorrowedFd mount_namespace) noexcept;

// Mounts of that mount namespace with a number above `after` (0: from the first on), as many as fit.
SysResult<std::size_t> list_mounts(std::uint64_t mount_namespace, std::uint64_t after, std::span<std::uint64_t> out) noexcept;
// Magic number of a mount's filesystem.
SysResult<std::uint64_t> magic_of_mount(std::uint64_t mount_namespace, std::uint64_t mount) noexcept;
struct MountPlace {
  std::string_view root, point;  // inside the buffer; the point as seen from the root of its mount namespace
};
// EOVERFLOW: the buffer is too small.
SysResult<MountPlace> place_of_mount(std::uint64_t mount_namespace, std::uint64_t mount, std::span<char> buffer) noexcept;

}  // namespace caisson::sys
