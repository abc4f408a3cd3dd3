#include "net/device_editor.hpp"

#include <linux/rtnetlink.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::net {
namespace {

void accept(const sys::SysStatus& done, int also_fine, const std::string& doing) {
  if (!done.ok() && done.err() != also_fine) throw Error(ErrorKind::Kernel, doing, done.err());
}

}  // namespace

sys::SysStatus DeviceEditor::send(const RouteRequest& request) {
  return conversation_.ask(socket_, request, [](const RouteMessage&) {});
}

std::optional<Link> DeviceEditor::answer_to(const RouteRequest& question, const std::string& name) {
  std::optional<Link> found;
  const auto asked = conversation_.ask(socket_, question, [&](const RouteMessage& message) {
    if (message.type == RTM_NEWLINK) found = parse_link(message.body);
  });
  accept(asked, ENODEV, text::join("look for network device ", name));
  return found;
}

std::optional<Link> DeviceEditor::find(std::string_view name) {
  return answer_to(find_link(conversation_.next_sequence(), name), std::string(name));
}

std::optional<Link> DeviceEditor::find(int index) {
  return answer_to(find_link(conversation_.next_sequence(), index), text::join("number ", index));
}

std::vector<Route> DeviceEditor::routes(std::uint8_t family) { return list_routes(conversation_, socket_, family); }

void DeviceEditor::make_bridge(const BridgeWish& wish) {
  const auto made = send(net::make_bridge(conversation_.next_sequence(), wish));
  if (made.ok()) return;
  Error error(ErrorKind::Kernel, text::join("make bridge ", wish.name), made.err());
  if (made.err() == EOPNOTSUPP)
    error.with_hint("the kernel has no bridges: load the module `bridge`; --net none runs it without a network");
  throw error;
}

void DeviceEditor::make_veth(const VethWish& wish, sys::BorrowedFd inside) {
  const auto made = send(net::make_veth(conversation_.next_sequence(), wish, inside));
  if (made.ok()) return;
  Error error(ErrorKind::Kernel, text::join("make network device ", wish.inside_name, " in the container"), made.err());
  if (made.err() == EOPNOTSUPP)
    error.with_hint("the kernel has no virtual Ethernet pairs: load the module `veth`; --net none runs it without a network");
  if (made.err() == EEXIST) error.with_hint("there is a device of that name: choose another one with ifname=");
  if (made.err() == EXFULL || made.err() == ENOSPC)
    error.with_hint("a bridge has at most 1023 ports: make another network for more containers");
  throw error;
}

void DeviceEditor::set_up(const Link& link) {
  accept(send(net::set_up(conversation_.next_sequence(), link.index)), 0,
         text::join("bring network device ", link.name, " up"));
}

void DeviceEditor::set_hairpin(const Link& port) {
  accept(send(net::set_hairpin(conversation_.next_sequence(), port.index)), 0,
         text::join("let port ", port.name, " send back what it receives"));
}

void DeviceEditor::set_alias(const Link& link, std::string_view alias) {
  accept(send(net::set_alias(conversation_.next_sequence(), link.index, alias)), 0, text::join("set the alias of ", link.name));
}

void DeviceEditor::remove(const Link& link) {
  accept(send(net::delete_link(conversation_.next_sequence(), link.index)), ENODEV,
         text::join("remove network device ", link.name));
}

void DeviceEditor::add_address(const Link& link, const Ip& ip, unsigned prefix) {
  accept(send(net::add_address(conversation_.next_sequence(), link.index, ip, prefix)), EEXIST,
         text::join("give network device ", link.name, " the address ", ip.text(), "/", prefix));
}

void DeviceEditor::add_default_route(const Link& link, const Ip& gateway, unsigned metric) {
  accept(send(net::add_default_route(conversation_.next_sequence(), link.index, gateway, metric)), EEXIST,
         text::join("add the default route by ", gateway.text(), " and ", link.name));
}

}  // namespace caisson::net
