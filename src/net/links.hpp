// The network devices of a network namespace as plain values, over a route socket that was made in it. man 7 rtnetlink.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/route_conversation.hpp"
#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::net {

enum class AddressScope : std::uint8_t { Global, Site, Link, Host };

struct Address {
  std::string ip;  // IPv4 or IPv6, by the colons
  unsigned prefix = 0;
  std::string peer;  // the other end of a point-to-point device, where it has an address of its own
  AddressScope scope = AddressScope::Global;
};

struct Link {
  std::string name;
  int index = 0;
  std::string kind;  // IFLA_INFO_KIND: "veth", "bridge", "vlan", "macvlan", "tun"...; empty: hardware, or loopback
  bool loopback = false;
  bool up = false;        // set up by its administrator (IFF_UP)
  bool lower_up = false;  // has a carrier (IFF_LOWER_UP)
  unsigned mtu = 0;
  std::uint32_t group = 0;  // a mark of whoever made it; 0: none
  std::string mac;          // empty: none
  std::vector<Address> addresses;
  int master = 0;  // index of the bridge, bond or VRF it is a port of; 0: none
  // The other end of a veth; what a vlan, macvlan or ipvlan stands on. Its index is of the namespace that peer_nsid names.
  int peer = 0;
  std::optional<int> peer_nsid;      // as the socket's namespace numbers it; nothing: the same namespace
  std::optional<unsigned> vlan;      // id of a vlan
  std::uint64_t peer_namespace = 0;  // inode, by who can ask more than one namespace; 0: unknown
};

// Reads many namespaces with one buffer.
class LinkReader {
 public:
  // Of the socket's namespace, by rising index. A list that changed while it was read is read again. Throws Error{Kernel}.
  std::vector<Link> links(sys::BorrowedFd socket);
  // The number under which the socket's namespace knows another; nothing: it has none there.
  std::optional<int> nsid(sys::BorrowedFd socket, sys::BorrowedFd network_namespace);

 private:
  sys::SysResult<std::vector<Link>> try_links(sys::BorrowedFd socket);

  RouteConversation conversation_;
};

// What RTM_NEWLINK and RTM_NEWADDR say, from the bytes after the netlink header.
std::optional<Link> parse_link(std::string_view body);
struct AddressOfLink {
  int index = 0;
  Address address;
};
std::optional<AddressOfLink> parse_address(std::string_view body);

}  // namespace caisson::net
