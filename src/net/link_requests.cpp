#include "net/link_requests.hpp"

#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/socket.h>

namespace caisson::net {
namespace {

constexpr unsigned kUpFlag = 0x1;  // IFF_UP: <net/if.h> and <linux/if.h> exclude each other
constexpr std::uint16_t kMake = NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;

std::uint8_t family_of(const Ip& ip) { return ip.is_v4() ? AF_INET : AF_INET6; }

ifinfomsg link_header(int index) {
  ifinfomsg header{};
  header.ifi_index = index;
  return header;
}

}  // namespace

RouteRequest make_bridge(std::uint32_t sequence, const BridgeWish& wish) {
  const ifinfomsg header = link_header(0);
  RouteRequest request(RTM_NEWLINK, kMake, sequence, bytes_of(header));
  request.add_words(IFLA_IFNAME, wish.name);
  request.add(IFLA_ADDRESS, wish.mac);
  if (wish.mtu != 0) request.add_number(IFLA_MTU, wish.mtu);
  request.add_number(IFLA_GROUP, wish.group);
  request.add_nest(IFLA_LINKINFO, [&] {
    request.add_words(IFLA_INFO_KIND, "bridge");
    request.add_nest(IFLA_INFO_DATA, [&] {
      request.add_number(IFLA_BR_FORWARD_DELAY, 0);
      request.add_number(IFLA_BR_STP_STATE, 0);
    });
  });
  return request;
}

RouteRequest make_veth(std::uint32_t sequence, const VethWish& wish, sys::BorrowedFd inside) {
  const ifinfomsg header = link_header(0);
  RouteRequest request(RTM_NEWLINK, kMake, sequence, bytes_of(header));
  request.add_words(IFLA_IFNAME, wish.name);
  if (wish.mtu != 0) request.add_number(IFLA_MTU, wish.mtu);
  if (wish.bridge != 0) request.add_number(IFLA_MASTER, static_cast<std::uint32_t>(wish.bridge));
  request.add_number(IFLA_GROUP, wish.group);
  if (wish.target) request.add_number(IFLA_NET_NS_FD, static_cast<std::uint32_t>(wish.target->get()));
  request.add_nest(IFLA_LINKINFO, [&] {
    request.add_words(IFLA_INFO_KIND, "veth");
    request.add_nest(IFLA_INFO_DATA, [&] {
      const auto other_end = [&] {
        request.add_words(IFLA_IFNAME, wish.inside_name);
        if (wish.mtu != 0) request.add_number(IFLA_MTU, wish.mtu);
        if (!wish.inside_mac.empty()) request.add(IFLA_ADDRESS, wish.inside_mac);
        request.add_number(IFLA_NET_NS_FD, static_cast<std::uint32_t>(inside.get()));
      };
      request.add_nest(VETH_INFO_PEER, other_end, bytes_of(header));
    });
  });
  return request;
}

RouteRequest set_up(std::uint32_t sequence, int index) {
  ifinfomsg header = link_header(index);
  header.ifi_flags = kUpFlag;
  header.ifi_change = kUpFlag;
  return {RTM_NEWLINK, NLM_F_ACK, sequence, bytes_of(header)};
}

RouteRequest set_hairpin(std::uint32_t sequence, int port) {
  ifinfomsg header = link_header(port);
  header.ifi_family = AF_BRIDGE;
  RouteRequest request(RTM_SETLINK, NLM_F_ACK, sequence, bytes_of(header));
  constexpr std::uint8_t kOn = 1;
  request.add_nest(IFLA_PROTINFO, [&] { request.add(IFLA_BRPORT_MODE, bytes_of(kOn)); });
  return request;
}

RouteRequest set_alias(std::uint32_t sequence, int index, std::string_view alias) {
  const ifinfomsg header = link_header(index);
  RouteRequest request(RTM_SETLINK, NLM_F_ACK, sequence, bytes_of(header));
  request.add(IFLA_IFALIAS, alias);
  return request;
}

RouteRequest delete_link(std::uint32_t sequence, int index) {
  const ifinfomsg header = link_header(index);
  return {RTM_DELLINK, NLM_F_ACK, sequence, bytes_of(header)};
}

RouteRequest add_address(std::uint32_t sequence, int index, const Ip& ip, unsigned prefix) {
  ifaddrmsg header{};
  header.ifa_family = family_of(ip);
  header.ifa_prefixlen = static_cast<std::uint8_t>(prefix);
  header.ifa_index = static_cast<std::uint32_t>(index);
  RouteRequest request(RTM_NEWADDR, kMake, sequence, bytes_of(header));
  request.add(IFA_LOCAL, ip.bytes());
  request.add(IFA_ADDRESS, ip.bytes());
  if (ip.is_v4() && prefix < 31) request.add(IFA_BROADCAST, ip.last_of(prefix).bytes());
  if (ip.is_v6()) request.add_number(IFA_FLAGS, IFA_F_NODAD);
  return request;
}

RouteRequest add_default_route(std::uint32_t sequence, int index, const Ip& gateway, unsigned metric) {
  rtmsg header{};
  header.rtm_family = family_of(gateway);
  header.rtm_table = RT_TABLE_MAIN;
  header.rtm_protocol = RTPROT_STATIC;
  header.rtm_scope = RT_SCOPE_UNIVERSE;
  header.rtm_type = RTN_UNICAST;
  RouteRequest request(RTM_NEWROUTE, kMake, sequence, bytes_of(header));
  request.add(RTA_GATEWAY, gateway.bytes());
  request.add_number(RTA_OIF, static_cast<std::uint32_t>(index));
  request.add_number(RTA_PRIORITY, metric);
  return request;
}

RouteRequest find_link(std::uint32_t sequence, std::string_view name) {
  const ifinfomsg header = link_header(0);
  RouteRequest request(RTM_GETLINK, 0, sequence, bytes_of(header));
  request.add_words(IFLA_IFNAME, name);
  return request;
}

RouteRequest find_link(std::uint32_t sequence, int index) {
  const ifinfomsg header = link_header(index);
  return {RTM_GETLINK, 0, sequence, bytes_of(header)};
}

}  // namespace caisson::net
