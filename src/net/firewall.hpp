// What the packet filter has to know about the networks of containers, and the transactions that tell it: one table of ours
// alone (family inet), with sets and maps that the rules look into, so that a container that comes or goes changes elements
// and never a rule. The rules, by chain:
//   raw      what is not from this machine may not use addresses of loopback (route_localnet lets them in)
//   ports    new connections to an address of this machine: to the container that publishes the port
//   forward  only what passes a bridge of ours: the same bridge may; internal ones nothing else; answers and published ports
//            may; from outside or from another bridge nothing
//   leave    what leaves a network gets an address of this machine, also when a container reaches a published port of its own
//            network or from loopback, so that the answer comes back
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/ip.hpp"
#include "net/nft_batch.hpp"

namespace caisson::net {

enum class Protocol : std::uint8_t { Tcp, Udp };

struct FirewallNetwork {
  std::string bridge;
  std::vector<Subnet> subnets;
  bool internal = false;
};

struct FirewallPort {
  Ip host;  // not given: every address of the machine, of the family of `inside`
  std::uint16_t host_port = 0;
  Ip inside;
  std::uint16_t inside_port = 0;
  Protocol protocol = Protocol::Tcp;
};

struct FirewallContents {
  std::vector<FirewallNetwork> networks;
  std::vector<FirewallPort> ports;
  bool empty() const noexcept { return networks.empty() && ports.empty(); }
};

enum class ElementChange : std::uint8_t { Add, Remove };

// The table from nothing, in place of one that is there.
NftBatch make_firewall(std::uint32_t sequence, std::string_view table, const FirewallContents& contents);
// Fails whole with ENOENT when the table, or an element to remove, is not there, with EEXIST when an element to add has
// another value.
NftBatch change_firewall(std::uint32_t sequence, std::string_view table, ElementChange change,
                         const FirewallContents& contents);
NftBatch remove_firewall(std::uint32_t sequence, std::string_view table);

}  // namespace caisson::net
