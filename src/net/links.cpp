#include "net/links.hpp"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "net/addresses.hpp"

namespace caisson::net {
namespace {

constexpr std::uint32_t kSkipStatistics = 1U << 3;  // RTEXT_FILTER_SKIP_STATS, 4.6: most of what a device would say
constexpr unsigned kUp = 0x1, kLoopback = 0x8, kLowerUp = 0x10000;  // IFF_*: <net/if.h> and <linux/if.h> exclude each other

// IFLA_LINKINFO: the kind, and what is of that kind.
void read_kind(Link& link, std::string_view nest) {
  if (const auto kind = find_attribute(nest, IFLA_INFO_KIND)) link.kind = kind->words();
  if (link.kind != "vlan") return;
  if (const auto data = find_attribute(nest, IFLA_INFO_DATA))
    if (const auto id = find_attribute(data->payload, IFLA_VLAN_ID)) link.vlan = number_in<std::uint16_t>(id->payload);
}

void read_attribute(Link& link, const Attribute& attribute) {
  switch (attribute.type) {
    case IFLA_IFNAME:
      link.name = attribute.words();
      break;
    case IFLA_MTU:
      link.mtu = number_in<std::uint32_t>(attribute.payload);
      break;
    case IFLA_GROUP:
      link.group = number_in<std::uint32_t>(attribute.payload);
      break;
    case IFLA_ADDRESS:
      link.mac = hardware_text(attribute.payload);
      break;
    case IFLA_MASTER:
      link.master = number_in<std::int32_t>(attribute.payload);
      break;
    case IFLA_LINK:
      link.peer = number_in<std::int32_t>(attribute.payload);
      break;
    case IFLA_LINK_NETNSID:
      link.peer_nsid = number_in<std::int32_t>(attribute.payload);
      break;
    case IFLA_LINKINFO:
      read_kind(link, attribute.payload);
      break;
    default:
      break;
  }
}

AddressScope scope_of(std::uint8_t number) {
  if (number >= RT_SCOPE_HOST) return AddressScope::Host;
  if (number == RT_SCOPE_LINK) return AddressScope::Link;
  return number == RT_SCOPE_SITE ? AddressScope::Site : AddressScope::Global;
}

}  // namespace

std::optional<Link> parse_link(std::string_view body) {
  ifinfomsg header;
  if (body.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, body.data(), sizeof header);
  Link link;
  link.index = header.ifi_index;
  link.loopback = (header.ifi_flags & kLoopback) != 0;
  link.up = (header.ifi_flags & kUp) != 0;
  link.lower_up = (header.ifi_flags & kLowerUp) != 0;
  for (std::string_view attributes = body.substr(sizeof header); const auto attribute = take_attribute(attributes);)
    read_attribute(link, *attribute);
  // Some tunnels name themselves: no other end.
  if (link.peer == link.index && !link.peer_nsid) link.peer = 0;
  return link;
}

std::optional<AddressOfLink> parse_address(std::string_view body) {
  ifaddrmsg header;
  if (body.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, body.data(), sizeof header);
  const std::string_view attributes = body.substr(sizeof header);
  const auto text_of = [&](std::uint16_t type) {
    const auto attribute = find_attribute(attributes, type);
    return attribute ? ip_text(attribute->payload) : std::string();
  };
  // Where both are said, IFA_ADDRESS is that of the other end.
  const std::string local = text_of(IFA_LOCAL), other = text_of(IFA_ADDRESS);
  AddressOfLink found;
  found.index = static_cast<int>(header.ifa_index);
  found.address = {local.empty() ? other : local, header.ifa_prefixlen, local.empty() || local == other ? "" : other,
                   scope_of(header.ifa_scope)};
  if (found.address.ip.empty()) return std::nullopt;
  return found;
}

sys::SysResult<std::vector<Link>> LinkReader::try_links(sys::BorrowedFd socket) {
  std::vector<Link> links;
  ifinfomsg link_header{};
  RouteRequest for_links(RTM_GETLINK, NLM_F_DUMP, conversation_.next_sequence(), bytes_of(link_header));
  for_links.add(IFLA_EXT_MASK, bytes_of(kSkipStatistics));
  const auto links_heard = conversation_.ask(socket, for_links, [&](const RouteMessage& message) {
    if (message.type != RTM_NEWLINK) return;
    if (auto link = parse_link(message.body)) links.push_back(std::move(*link));
  });
  if (!links_heard.ok()) return sys::SysResult<std::vector<Link>>::failed(links_heard.err());
  std::ranges::sort(links, {}, &Link::index);
  ifaddrmsg address_header{};
  const RouteRequest for_addresses(RTM_GETADDR, NLM_F_DUMP, conversation_.next_sequence(), bytes_of(address_header));
  const auto addresses_heard = conversation_.ask(socket, for_addresses, [&](const RouteMessage& message) {
    if (message.type != RTM_NEWADDR) return;
    auto found = parse_address(message.body);
    if (!found) return;
    const auto link = std::ranges::lower_bound(links, found->index, {}, &Link::index);
    if (link != links.end() && link->index == found->index) link->addresses.push_back(std::move(found->address));
  });
  if (!addresses_heard.ok()) return sys::SysResult<std::vector<Link>>::failed(addresses_heard.err());
  return links;
}

std::vector<Link> LinkReader::links(sys::BorrowedFd socket) {
  for (int reading = 1;; ++reading) {
    auto links = try_links(socket);
    const bool changed = links.err() == EINTR || links.err() == ENOBUFS;
    if (!changed || reading == kMostReadings) return std::move(links).or_throw("list the network devices");
  }
}

std::optional<int> LinkReader::nsid(sys::BorrowedFd socket, sys::BorrowedFd network_namespace) {
  const rtgenmsg header{};
  RouteRequest request(RTM_GETNSID, 0, conversation_.next_sequence(), bytes_of(header));
  const std::int32_t number = network_namespace.get();
  request.add(NETNSA_FD, bytes_of(number));
  std::optional<int> id;
  conversation_
      .ask(socket, request,
           [&](const RouteMessage& message) {
             if (message.type != RTM_NEWNSID || message.body.size() < sizeof header) return;
             // rtgenmsg is one byte, padded to four before the attributes.
             const auto found = find_attribute(message.body.substr(std::min<std::size_t>(4, message.body.size())), NETNSA_NSID);
             if (found && number_in<std::int32_t>(found->payload) >= 0) id = number_in<std::int32_t>(found->payload);
           })
      .or_throw("ask for the id of a network namespace");
  return id;
}

}  // namespace caisson::net
