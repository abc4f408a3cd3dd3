// What changes the network devices of a namespace, as requests to the routing family: made here, sent by DeviceEditor
// (net/device_editor.hpp). Pure. man 7 rtnetlink.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/ip.hpp"
#include "net/route_message.hpp"
#include "sys/fd.hpp"

namespace caisson::net {

using HardwareAddress = std::string;  // six bytes

struct BridgeWish {
  std::string name;
  HardwareAddress mac;  // given: the kernel would take that of a port, and change it as ports come and go
  unsigned mtu = 0;     // 0: the kernel's choice
  std::uint32_t group = 0;
};
RouteRequest make_bridge(std::uint32_t sequence, const BridgeWish& wish);

struct VethWish {
  std::string name;  // of the end on this side
  int bridge = 0;    // index; 0: not a port of a bridge
  unsigned mtu = 0;
  std::uint32_t group = 0;                // of the end on this side
  std::optional<sys::BorrowedFd> target;  // the namespace of this end; nothing: the socket's
  std::string inside_name;
  HardwareAddress inside_mac;
};
// Both ends at once, the other one in that namespace under its final name.
RouteRequest make_veth(std::uint32_t sequence, const VethWish& wish, sys::BorrowedFd inside);

RouteRequest set_up(std::uint32_t sequence, int index);
RouteRequest set_hairpin(std::uint32_t sequence, int port);
RouteRequest set_alias(std::uint32_t sequence, int index, std::string_view alias);
RouteRequest delete_link(std::uint32_t sequence, int index);
// Without the wait for a duplicate of an IPv6 address: it comes from a pool of ours.
RouteRequest add_address(std::uint32_t sequence, int index, const Ip& ip, unsigned prefix);
// The route to everywhere.
RouteRequest add_default_route(std::uint32_t sequence, int index, const Ip& gateway, unsigned metric);
RouteRequest find_link(std::uint32_t sequence, std::string_view name);
RouteRequest find_link(std::uint32_t sequence, int index);

}  // namespace caisson::net
