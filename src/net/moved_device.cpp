#include "net/moved_device.hpp"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <optional>

#include "base/text.hpp"
#include "net/addresses.hpp"

namespace caisson::net {
namespace {

template <class Header>
std::optional<Header> header_of(std::string_view body) {
  Header header;
  if (body.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, body.data(), sizeof header);
  return header;
}

using Change = std::function<std::optional<std::string>(const Attribute&)>;  // nothing: it is left out

template <class Header>
std::string again(const Header& header, std::string_view body, const Change& change) {
  std::string out(bytes_of(header));
  for (std::string_view rest = body.substr(sizeof header); const auto attribute = take_attribute(rest);) {
    const auto payload = change(*attribute);
    if (!payload) continue;
    const nlattr front{static_cast<std::uint16_t>(sizeof front + payload->size()), attribute->type};
    out += bytes_of(front);
    out += *payload;
    out.resize(aligned(out.size()), '\0');
  }
  return out;
}

RouteRequest request_of(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, std::string_view body) {
  return {type, static_cast<std::uint16_t>(NLM_F_ACK | NLM_F_CREATE | flags), sequence, body};
}

bool has_gateway(const std::string& body) {
  const std::string_view attributes = std::string_view(body).substr(sizeof(rtmsg));
  return find_attribute(attributes, RTA_GATEWAY) || find_attribute(attributes, RTA_VIA);
}

std::string address_text(std::string_view body) {
  const auto found = parse_address(body);
  return found ? text::join(found->address.ip, "/", found->address.prefix) : std::string("?");
}

std::string route_text(std::string_view body) {
  const auto header = header_of<rtmsg>(body);
  if (!header) return "?";
  const auto to = find_attribute(body.substr(sizeof *header), RTA_DST);
  return to ? text::join(ip_text(to->payload), "/", static_cast<unsigned>(header->rtm_dst_len)) : std::string("everywhere");
}

}  // namespace

bool is_address_of(std::string_view body, int index) {
  const auto header = header_of<ifaddrmsg>(body);
  return header && static_cast<int>(header->ifa_index) == index;
}

bool is_own_route_of(std::string_view body, int index) {
  const auto header = header_of<rtmsg>(body);
  if (!header || (header->rtm_flags & RTM_F_CLONED) != 0 || header->rtm_table == RT_TABLE_LOCAL) return false;
  // The kernel makes those again by itself, from addresses and from what routers say.
  if (header->rtm_protocol == RTPROT_KERNEL || header->rtm_protocol == RTPROT_RA || header->rtm_protocol == RTPROT_REDIRECT)
    return false;
  const auto device = find_attribute(body.substr(sizeof *header), RTA_OIF);
  return device && number_in<std::int32_t>(device->payload) == index;
}

std::string address_again(std::string_view body, int index) {
  auto header = header_of<ifaddrmsg>(body);
  if (!header) return {};
  header->ifa_index = static_cast<std::uint32_t>(index);
  return again(*header, body, [](const Attribute& attribute) { return std::optional(std::string(attribute.payload)); });
}

std::string route_again(std::string_view body, int index) {
  auto header = header_of<rtmsg>(body);
  if (!header) return {};
  header->rtm_flags &= RTNH_F_ONLINK;
  return again(*header, body, [index](const Attribute& attribute) -> std::optional<std::string> {
    if (attribute.type == RTA_CACHEINFO) return std::nullopt;
    return std::string(attribute.type == RTA_OIF ? bytes_of(index) : attribute.payload);
  });
}

std::vector<std::string> lasting_addresses(const std::vector<std::string>& addresses) {
  std::vector<std::string> lasting;
  for (const std::string& body : addresses) {
    const auto header = header_of<ifaddrmsg>(body);
    if (!header || header->ifa_scope != RT_SCOPE_UNIVERSE) continue;
    const auto flags = find_attribute(std::string_view(body).substr(sizeof *header), IFA_FLAGS);
    const std::uint32_t all = flags ? number_in<std::uint32_t>(flags->payload) : header->ifa_flags;
    if ((all & IFA_F_PERMANENT) == 0) continue;
    lasting.push_back(again(*header, body, [](const Attribute& attribute) -> std::optional<std::string> {
      if (attribute.type == IFA_LABEL) return std::nullopt;
      return std::string(attribute.payload);
    }));
  }
  return lasting;
}

DeviceSetting DeviceMover::read_setting(const Link& link) {
  for (int reading = 1;; ++reading) {
    DeviceSetting setting;
    const ifaddrmsg for_addresses{};
    auto heard = conversation_.ask(socket_, {RTM_GETADDR, NLM_F_DUMP, conversation_.next_sequence(), bytes_of(for_addresses)},
                                   [&](const RouteMessage& one) {
                                     if (one.type == RTM_NEWADDR && is_address_of(one.body, link.index))
                                       setting.addresses.emplace_back(one.body);
                                   });
    const rtmsg for_routes{};
    if (heard.ok())
      heard = conversation_.ask(socket_, {RTM_GETROUTE, NLM_F_DUMP, conversation_.next_sequence(), bytes_of(for_routes)},
                                [&](const RouteMessage& one) {
                                  if (one.type == RTM_NEWROUTE && is_own_route_of(one.body, link.index))
                                    setting.routes.emplace_back(one.body);
                                });
    if (heard.ok()) return setting;
    const bool changed = heard.err() == EINTR || heard.err() == ENOBUFS;
    if (!changed || reading == kMostReadings)
      throw Error(ErrorKind::Kernel, text::join("read addresses and routes of network device ", link.name), heard.err());
  }
}

sys::SysStatus DeviceMover::move(const Link& link, std::string_view name, sys::BorrowedFd network_namespace) {
  ifinfomsg header{};
  header.ifi_index = link.index;
  RouteRequest request(RTM_NEWLINK, NLM_F_ACK, conversation_.next_sequence(), bytes_of(header));
  request.add_words(IFLA_IFNAME, name);
  request.add_number(IFLA_NET_NS_FD, static_cast<std::uint32_t>(network_namespace.get()));
  return conversation_.ask(socket_, request, [](const RouteMessage&) {});
}

void DeviceMover::set_form(const Link& link, unsigned mtu, std::string_view mac_bytes) {
  ifinfomsg header{};
  header.ifi_index = link.index;
  RouteRequest request(RTM_SETLINK, NLM_F_ACK, conversation_.next_sequence(), bytes_of(header));
  const bool other_mac = !mac_bytes.empty() && link.mac != hardware_text(mac_bytes);
  if (link.mtu == mtu && !other_mac) return;
  request.add_number(IFLA_MTU, mtu);
  if (other_mac) request.add(IFLA_ADDRESS, mac_bytes);
  conversation_.ask(socket_, request, [](const RouteMessage&) {})
      .or_throw("give network device ", link.name, " the packet size and the address that it had");
}

ErrorList DeviceMover::restore(const Link& link, const DeviceSetting& setting) {
  ErrorList failures;
  const auto tell = [&](std::uint16_t type, std::uint16_t flags, const std::string& body, const std::string& what) {
    const auto told =
        conversation_.ask(socket_, request_of(type, flags, conversation_.next_sequence(), body), [](const RouteMessage&) {});
    if (!told.ok() && told.err() != EEXIST)
      failures.add(Error(ErrorKind::Kernel, text::join("give network device ", link.name, " ", what), told.err()));
  };
  for (const std::string& body : setting.addresses)
    tell(RTM_NEWADDR, NLM_F_REPLACE, address_again(body, link.index), text::join("the address ", address_text(body)));
  std::vector<std::string> routes = setting.routes;
  std::stable_partition(routes.begin(), routes.end(), [](const std::string& body) { return !has_gateway(body); });
  for (const std::string& body : routes)
    tell(RTM_NEWROUTE, NLM_F_EXCL, route_again(body, link.index), text::join("its route to ", route_text(body)));
  return failures;
}

}  // namespace caisson::net
