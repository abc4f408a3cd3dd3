// What a namespace belongs to, and which network namespace a socket lives in, by a number. man 2 ioctl_nsfs.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

// NS_GET_USERNS (4.9): the user namespace that owns it. EPERM when it is out of the caller's reach.
SysResult<NamespaceFd> owning_user_namespace(BorrowedFd fd) noexcept;
// NS_GET_PARENT (4.9), for user and pid namespaces. EPERM for an initial one and for one above the caller's own.
SysResult<NamespaceFd> parent_namespace(BorrowedFd fd) noexcept;
// NS_GET_OWNER_UID (4.11): who made a user namespace, as the caller's user namespace numbers him.
SysResult<uid_t> maker_of_user_namespace(BorrowedFd fd) noexcept;

// SO_NETNS_COOKIE (5.14): a number that is as good as the identity of the network namespace that a socket lives in.
SysResult<std::uint64_t> network_cookie(BorrowedFd socket) noexcept;

}  // namespace caisson::sys
