#include "net/routes.hpp"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/error.hpp"

namespace caisson::net {
namespace {

constexpr unsigned kHalf = 1;  // the prefix of 0.0.0.0/1 and 128.0.0.0/1

}  // namespace

std::optional<Route> parse_route(std::string_view body) {
  rtmsg header;
  if (body.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, body.data(), sizeof header);
  if (header.rtm_type != RTN_UNICAST || header.rtm_table == RT_TABLE_LOCAL || (header.rtm_flags & RTM_F_CLONED) != 0)
    return std::nullopt;
  const std::string_view attributes = body.substr(sizeof header);
  Route route;
  const auto to = find_attribute(attributes, RTA_DST);
  constexpr char kZeros[16] = {};
  route.to.base = to ? Ip(to->payload) : Ip(std::string_view(kZeros, header.rtm_family == AF_INET ? 4 : 16));
  route.to.prefix = header.rtm_dst_len;
  if (!route.to.base.given()) return std::nullopt;
  if (const auto device = find_attribute(attributes, RTA_OIF)) route.device = number_in<std::int32_t>(device->payload);
  if (const auto metric = find_attribute(attributes, RTA_PRIORITY)) route.metric = number_in<std::uint32_t>(metric->payload);
  return route;
}

std::vector<Route> list_routes(RouteConversation& conversation, sys::BorrowedFd socket, std::uint8_t family) {
  for (int reading = 1;; ++reading) {
    rtmsg header{};
    header.rtm_family = family;
    const RouteRequest request(RTM_GETROUTE, NLM_F_DUMP, conversation.next_sequence(), bytes_of(header));
    std::vector<Route> routes;
    const auto heard = conversation.ask(socket, request, [&](const RouteMessage& message) {
      if (message.type != RTM_NEWROUTE) return;
      if (auto route = parse_route(message.body)) routes.push_back(*route);
    });
    if (heard.ok()) return routes;
    const bool changed = heard.err() == EINTR || heard.err() == ENOBUFS;
    // A kernel without IPv6 has no such routes.
    if (heard.err() == EOPNOTSUPP && family == AF_INET6) return {};
    if (!changed || reading == kMostReadings) throw Error(ErrorKind::Kernel, "list the routes", heard.err());
  }
}

bool leaves_room_for(const Route& route, const Subnet& subnet) {
  return route.to.prefix <= kHalf || !route.to.overlaps(subnet);
}

}  // namespace caisson::net
