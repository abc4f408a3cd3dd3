// A container as the networks know it: written before anything is made for it, so that whoever comes later can take all of it
// back. The leases are these records: an address is taken while one of them has it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/firewall.hpp"
#include "net/ip.hpp"
#include "state/identity.hpp"

namespace caisson::network {

struct Endpoint {
  std::string network;
  std::string device;     // in the container: "eth0"
  std::string host_link;  // the end on this side
  std::string mac;        // "02:..."
  net::Ip ip, ip6;        // ip6: not given without IPv6
  unsigned metric = 0;    // of its default route
};

struct PublishedPort {
  net::Ip host;                           // not given: every address
  std::uint16_t host_port = 0, port = 0;  // host_port 0: a free one, in what is asked for only
  net::Protocol protocol = net::Protocol::Tcp;
};
std::string outside_text(const PublishedPort& port);  // "0.0.0.0:8080", "[fd00::1]:8080"
std::string inside_text(const PublishedPort& port);   // "80/tcp"

struct HostLine {
  net::Ip ip;
  std::string name;
};

// A device of this machine that the container has for a while, with what it had before.
struct LentDevice {
  std::string name;    // on this machine
  std::string device;  // in the container, when it came there
  int index = 0;       // in the container; 0: not known yet
  unsigned mtu = 0;
  bool up = false;
  std::string mac;                             // "02:..."; empty: none
  std::vector<std::string> addresses, routes;  // net::DeviceSetting, hexadecimal
};

struct Member {
  std::string id;
  std::vector<std::string> names;  // by which others on the same network find it
  std::string host_name;           // its own, which others may have, too; empty: that of the UTS namespace it shares
  state::Identity owner;           // gone: whoever finds this record takes everything back
  bool attached = false;           // written before the packet filter and the devices are touched
  std::vector<Endpoint> endpoints;
  std::vector<LentDevice> devices;
  std::vector<PublishedPort> ports;
  std::vector<HostLine> host_lines;  // of --add-host
};

std::string to_json(const Member& member);
// Throws Error{State} naming the file.
Member parse_member(std::string_view json, std::string_view path);

std::string mac_bytes(std::string_view text);
// Of text::hexadecimal. Throws Error{State} for what is none.
std::string from_hexadecimal(std::string_view text);
const Endpoint* endpoint_on(const Member& member, std::string_view network);

}  // namespace caisson::network
