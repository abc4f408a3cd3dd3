// The routes of a network namespace as plain values: where a new subnet would be in the way, and which device leads out.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "net/ip.hpp"
#include "net/route_conversation.hpp"
#include "sys/fd.hpp"

namespace caisson::net {

struct Route {
  Subnet to;  // prefix 0: everywhere
  int device = 0;
  unsigned metric = 0;
};

// Of unicast, in the table main and others but local. Throws Error{Kernel}.
std::vector<Route> list_routes(RouteConversation& conversation, sys::BorrowedFd socket, std::uint8_t family);
// What RTM_NEWROUTE says, from the bytes after the netlink header; nothing for a route of another kind.
std::optional<Route> parse_route(std::string_view body);
// Whether a subnet may stand beside that route. The default route covers everything, and so do the two halves that VPNs
// write instead of it: neither means that somebody uses the subnet.
bool leaves_room_for(const Route& route, const Subnet& subnet);

}  // namespace caisson::net
