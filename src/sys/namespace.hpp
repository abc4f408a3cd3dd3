// Namespace descriptors: what kind one is and which (man 2 ioctl_nsfs).
#pragma once

#include <cstdint>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

// NS_GET_NSTYPE (4.11): the CLONE_NEW* flag; ENOTTY when the descriptor is not a namespace.
SysResult<std::uint64_t> namespace_type(BorrowedFd fd) noexcept;
// Whether both descriptors refer to the same namespace (device and inode of nsfs).
SysResult<bool> same_namespace(BorrowedFd a, BorrowedFd b) noexcept;

}  // namespace caisson::sys
