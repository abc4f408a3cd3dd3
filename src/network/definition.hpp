// A network as it was defined: what survives a reboot. Its bridge is made when the first container attaches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/ip.hpp"

namespace caisson::network {

// Made on first use.
inline constexpr std::string_view kDefaultNetwork = "default";

struct Definition {
  std::string name;
  net::Subnet subnet;   // of IPv4
  net::Ip gateway;      // the bridge's own address
  net::Subnet subnet6;  // not given: no IPv6
  net::Ip gateway6;
  unsigned mtu = 0;  // 0: that of the device that leads out, when a container attaches
  bool internal = false;

  bool has_v6() const noexcept { return subnet6.base.given(); }
};

// 1 to 64 letters, digits and _ - . that do not begin with one of these; no word that --net gives another meaning. Throws
// Error{Usage}.
void check_network_name(std::string_view name);

std::string to_json(const Definition& definition);
// Throws Error{State} naming the file.
Definition parse_definition(std::string_view json, std::string_view path);

// What tells the networks of one state root from those of another on the same machine.
std::uint64_t mark_of(std::string_view state_root, std::string_view name = {});
// The group of our devices (ip(8) shows the number with a sign).
std::uint32_t device_group(std::string_view state_root);
// "cs-1a2b3c4d".
std::string bridge_name(std::string_view state_root, std::string_view network);
// Six bytes, locally administered: the same ones for the same words.
std::string hardware_address(std::string_view state_root, std::string_view owner);

}  // namespace caisson::network
