// Network devices and the network namespace of a socket, by ioctl(2). man 7 netdevice.
#pragma once

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

// Of the current network namespace.
SysResult<UniqueFd> make_datagram_socket() noexcept;
// IFF_UP on the device in the socket's network namespace; ENODEV if there is none of that name.
SysStatus bring_up(BorrowedFd socket, const char* device) noexcept;
// The network namespace that a socket of any kind was made in (SIOCGSKNS, 4.10): without a walk through /proc. EPERM without
// CAP_NET_ADMIN over it.
SysResult<UniqueFd> network_namespace_of(BorrowedFd socket) noexcept;

}  // namespace caisson::sys
