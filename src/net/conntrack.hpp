// The kernel remembers where packets of a flow went. A client of UDP that asked before a port led to a container would go on
// to be led nowhere, and one that asked an earlier container would be led to its address.
#pragma once

#include <cstdint>

#include "net/route_message.hpp"
#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::net {

// Forgets every flow of UDP to that port, of one family (AF_INET, AF_INET6). Pure.
RouteRequest forget_datagrams_to(std::uint32_t sequence, std::uint8_t family, std::uint16_t port);

// socket: sys::make_netfilter_socket(). A kernel that cannot be asked so (before 5.8, or without nf_conntrack_netlink) keeps
// what it remembers until it times out: half a minute after the last packet.
sys::SysStatus forget_datagrams(sys::BorrowedFd socket, std::uint16_t port);

}  // namespace caisson::net
