// A route socket inside another network namespace. Nothing of the caller moves there: a socket stays where it was made.
#pragma once

#include <optional>

#include "sys/fd.hpp"

namespace caisson::net {

// owner: the user namespace that owns it, for a caller without CAP_SYS_ADMIN who may join that one: a short-lived child does
// then, and hands the socket back. The process must have one thread. Throws Error{Kernel}; where the caller cannot be brought
// back to its own network namespace it is in an unknown state, and the message says so.
sys::UniqueFd route_socket_in(sys::BorrowedFd network_namespace, std::optional<sys::BorrowedFd> owner = std::nullopt);

}  // namespace caisson::net
