// A network device on its way from one namespace to another and back: what the kernel forgets on the way (addresses, routes,
// whether it is up), kept as the kernel told it, and told to the kernel again. man 7 rtnetlink.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "net/links.hpp"
#include "net/route_conversation.hpp"
#include "sys/fd.hpp"

namespace caisson::net {

// The bodies of RTM_NEWADDR and RTM_NEWROUTE, without what only holds for the moment.
struct DeviceSetting {
  std::vector<std::string> addresses, routes;
};

class DeviceMover {
 public:
  // In the namespace of the socket.
  explicit DeviceMover(sys::BorrowedFd socket) : socket_(socket) {}

  // Throws Error{Kernel}.
  DeviceSetting read_setting(const Link& link);
  // Under that name; EEXIST: it is taken there. EINVAL: the kernel does not move devices of this kind.
  sys::SysStatus move(const Link& link, std::string_view name, sys::BorrowedFd network_namespace);
  // While the device is down. Only what differs is set.
  void set_form(const Link& link, unsigned mtu, std::string_view mac_bytes);
  // Of a device that is up where it was. What cannot be set again is collected.
  ErrorList restore(const Link& link, const DeviceSetting& setting);

 private:
  sys::BorrowedFd socket_;
  RouteConversation conversation_;
};

// Those that everybody may use for as long as the device lives, for a device with another name.
std::vector<std::string> lasting_addresses(const std::vector<std::string>& addresses);

// Whether it is of that device and is to be kept: bodies of messages, read without trust.
bool is_address_of(std::string_view body, int index);
bool is_own_route_of(std::string_view body, int index);
// For a device that has another number now.
std::string address_again(std::string_view body, int index);
std::string route_again(std::string_view body, int index);

}  // namespace caisson::net
