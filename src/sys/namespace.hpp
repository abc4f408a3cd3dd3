// Namespace descriptors: what kind one is and which (man 2 ioctl_nsfs), and opening one without trusting what its path says.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

// NS_GET_NSTYPE (4.11): the CLONE_NEW* flag; ENOTTY when the descriptor is not a namespace.
SysResult<std::uint64_t> namespace_type(BorrowedFd fd) noexcept;
// Whether both descriptors refer to the same namespace (device and inode of nsfs).
SysResult<bool> same_namespace(BorrowedFd a, BorrowedFd b) noexcept;
// NS_GET_ID (6.18): never used again, unlike an inode. ENOTTY on an older kernel.
SysResult<std::uint64_t> namespace_id(BorrowedFd fd) noexcept;
// NS_GET_PID_FROM_PIDNS (6.11): the caller's number of the process `pid` of a pid namespace; ESRCH when it has none, and for
// pid 1: when that namespace has not begun or has ended. ENOTTY on an older kernel.
SysResult<pid_t> pid_from_namespace(BorrowedFd pid_namespace, pid_t pid) noexcept;

// The file is looked at (O_PATH) before it is opened, so that a pipe, a device or a file of another filesystem is never opened:
// ENOTTY for whatever is no file of nsfs, with LastLink::Stays also for a symbolic link to one. Needs /proc.
enum class LastLink : std::uint8_t { IsFollowed, Stays };
SysResult<NamespaceFd> open_namespace_file(BorrowedFd dir, const char* path, LastLink link = LastLink::IsFollowed) noexcept;

// The namespace of one kind of the process behind the descriptor, by PIDFD_GET_*_NAMESPACE (6.11): no number that could be
// another process's by now. flag: CLONE_NEW*. ENOTTY on an older kernel; ESRCH when it has ended; EACCES when it may not be
// read.
SysResult<NamespaceFd> namespace_of(const Pidfd& process, std::uint64_t flag) noexcept;

}  // namespace caisson::sys
