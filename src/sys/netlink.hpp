// Netlink sockets to the kernel's routing and packet-filter families, and the calls that a conversation with it needs. What the
// messages mean is net's. man 7 netlink, man 7 rtnetlink.
#pragma once

#include <cstdint>
#include <span>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

// In the current network namespace, where it stays when its process moves on. The kernel checks the header of every request
// strictly (NETLINK_GET_STRICT_CHK, 4.20) where it can.
SysResult<UniqueFd> make_route_socket() noexcept;
// The same, which hears of every network device there that comes, changes and goes (RTNLGRP_LINK).
SysResult<UniqueFd> make_link_news_socket() noexcept;
// The family of the packet filter, in the current network namespace. EPROTONOSUPPORT: the kernel has none.
SysResult<UniqueFd> make_netfilter_socket() noexcept;
// Room for one request of that length (SO_SNDBUFFORCE; needs CAP_NET_ADMIN).
SysStatus make_room_to_send(BorrowedFd socket, std::size_t bytes) noexcept;
SysStatus send_to_kernel(BorrowedFd socket, std::span<const char> request) noexcept;
// The length of the next datagram, which stays where it is: for a buffer that no answer is too long for.
SysResult<std::size_t> next_from_kernel(BorrowedFd socket) noexcept;
// One datagram. EMSGSIZE: it was longer than the buffer and its rest is lost. Datagrams of other processes are dropped unread.
// ENOBUFS: the socket's queue overflowed and messages are lost.
SysResult<std::size_t> receive_from_kernel(BorrowedFd socket, std::span<char> buffer) noexcept;

}  // namespace caisson::sys
