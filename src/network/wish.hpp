// What a user asks for the network of a container: the small languages of --net, --publish and --add-host, read whole or
// refused with Error{Usage}. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/ip.hpp"
#include "network/member.hpp"

namespace caisson::network {

struct EndpointWish {
  std::string network;
  net::Ip ip;          // not given: from the pool
  std::string mac;     // six bytes; empty: ours
  std::string device;  // empty: eth0, eth1, ...
};
// NAME[:ip=A,mac=M,ifname=N]
EndpointWish parse_endpoint(std::string_view text);

// Throws Error{Usage}: no device can be called so.
void check_device_name(std::string_view option, std::string_view name);

// [[HOSTIP:]HOSTPORT:]PORT[/tcp|/udp]; HOSTIP of IPv6 in brackets; both ports may be ranges of the same length. HOSTPORT 0: a
// free one for each.
std::vector<PublishedPort> parse_publish(std::string_view text);
// PORT[/tcp|/udp] or a range of them, as an image exposes them (image-spec config.md, ExposedPorts): each at a free port.
// Nothing for what is none, or cannot be published (SCTP).
std::optional<std::vector<PublishedPort>> parse_exposed(std::string_view text);

// NAME:IP
HostLine parse_host_line(std::string_view text);

struct ResolverWish {
  std::vector<std::string> servers, search, options;  // --dns, --dns-search, --dns-option
  bool given() const noexcept { return !servers.empty() || !search.empty() || !options.empty(); }
};
// Throws Error{Usage}: a server that is no address, a word with blanks or control characters.
void check_resolver(const ResolverWish& wish);

struct Wish {
  std::vector<EndpointWish> endpoints;
  std::vector<PublishedPort> ports;
  std::vector<HostLine> host_lines;
  ResolverWish resolver;
  std::string host_name;           // what the container calls itself
  std::vector<std::string> names;  // by which others find it, besides its id
  bool from_user_space = false;    // a program of the user's own carries its packets: --net user
  std::string resolver_inside;     // reaches this machine's name server where that listens at a loopback address only
  bool shares_host = false;        // then the host's own resolver at 127.0.0.53 can be reached
};
// Throws Error{Usage} for parts that contradict each other: two devices of a name, ports without a network.
void check_wish(const Wish& wish);

}  // namespace caisson::network
