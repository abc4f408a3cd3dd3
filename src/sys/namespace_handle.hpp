// A namespace by its 64-bit id, by the file handles of nsfs (man 2 open_by_handle_at, Linux 6.18): no process, descriptor or
// mount of it has to be known. Linux 6.18 takes a handle only with kind and inode beside the id; later ones also the id alone.
#pragma once

#include <cstdint>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

struct NamespaceHandle {
  std::uint64_t id = 0;
  std::uint64_t flag = 0;   // CLONE_NEW*; 0 together with inode: by the id alone
  std::uint32_t inode = 0;  // as /proc/PID/ns shows it
};

// ESTALE: there is no such namespace, or it is not for the caller to open (the kernel does not tell which). EBADF, EINVAL or
// EOPNOTSUPP: this kernel has no such handles; ENOSYS or EPERM: a seccomp filter.
SysResult<NamespaceFd> open_namespace(const NamespaceHandle& handle) noexcept;

}  // namespace caisson::sys
