// Which subnet a new network gets, and which address a container. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "net/ip.hpp"
#include "net/routes.hpp"
#include "network/definition.hpp"

namespace caisson::network {

// The first of our own choice that no route and no other network uses. Throws Error{Host} when there is none.
net::Subnet choose_subnet(std::span<const net::Route> routes, std::span<const Definition> others);
// Throws Error{Host} naming the route's subnet or the other network.
void refuse_overlap(const net::Subnet& wanted, std::span<const net::Route> routes, std::span<const Definition> others);
// A unique local one (RFC 4193) from random bytes, of which it takes five.
net::Subnet choose_subnet6(std::string_view random);

// The first one behind `last` that nobody has, round and round, so that an address is not given again at once. taken: sorted.
// Nothing: all are taken. Neither the subnet's first and last address nor the gateway's.
std::optional<net::Ip> choose_address(const Definition& network, std::span<const net::Ip> taken, const net::Ip& last);
// Throws Error for an address that is not of the network, is reserved (Usage), or is taken (State).
void check_address(const Definition& network, std::span<const net::Ip> taken, const net::Ip& wanted);
// The address of IPv6 that goes with one of IPv4: as far from the beginning of its subnet. Not given without IPv6.
net::Ip address6_for(const Definition& network, const net::Ip& ip);

}  // namespace caisson::network
