// A new network namespace has its loopback device down; programs expect 127.0.0.1 to work.
#pragma once

#include "sys/fd.hpp"

namespace caisson::net {

// In the network namespace of the socket; needs CAP_NET_ADMIN over it.
void bring_loopback_up(sys::BorrowedFd socket);

}  // namespace caisson::net
