// Changes the network devices of one namespace, over a route socket that was made in it. Everything throws Error{Kernel}
// that names the device.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/link_requests.hpp"
#include "net/links.hpp"
#include "net/route_conversation.hpp"
#include "net/routes.hpp"
#include "sys/fd.hpp"

namespace caisson::net {

class DeviceEditor {
 public:
  explicit DeviceEditor(sys::BorrowedFd socket) : socket_(socket) {}

  std::optional<Link> find(std::string_view name);
  std::optional<Link> find(int index);
  std::vector<Route> routes(std::uint8_t family);

  void make_bridge(const BridgeWish& wish);
  // The error of a name that is taken inside has the hint that says so.
  void make_veth(const VethWish& wish, sys::BorrowedFd inside);
  void set_up(const Link& link);
  void set_hairpin(const Link& port);
  void set_alias(const Link& link, std::string_view alias);
  // Nothing happens when it is gone already.
  void remove(const Link& link);
  // Nothing happens when it is there already.
  void add_address(const Link& link, const Ip& ip, unsigned prefix);
  void add_default_route(const Link& link, const Ip& gateway, unsigned metric);

 private:
  std::optional<Link> answer_to(const RouteRequest& question, const std::string& name);
  sys::SysStatus send(const RouteRequest& request);

  sys::BorrowedFd socket_;
  RouteConversation conversation_;
};

}  // namespace caisson::net
