#include "base/error.hpp"
#include "base/text.hpp"
#include "net/device_editor.hpp"
#include "net/route_socket.hpp"
#include "network/running.hpp"
#include "network/store.hpp"
#include "sys/namespace.hpp"
#include "sys/netlink.hpp"

namespace caisson::network {
namespace {

void finish(const PairEnd& end, const std::string& name) {
  const sys::UniqueFd socket = net::route_socket_in(end.container.network_namespace);
  net::DeviceEditor inside(socket.borrow());
  const auto link = inside.find(name);
  if (!link)
    throw Error(ErrorKind::State, text::join("network device ", name, " of container ", end.container.name, " is gone again"));
  if (end.ip.given()) inside.add_address(*link, end.ip, end.prefix);
  inside.set_up(*link);
}

void remove(const PairEnd& end, const std::string& name) {
  const sys::UniqueFd socket = net::route_socket_in(end.container.network_namespace);
  net::DeviceEditor inside(socket.borrow());
  if (const auto link = inside.find(name)) inside.remove(*link);
}

}  // namespace

void link_pair(const Machine& machine, const PairEnd& one, const PairEnd& other) {
  refuse_ordinary_user();
  const sys::BorrowedFd here = one.container.network_namespace, there = other.container.network_namespace;
  if (sys::same_namespace(here, there).or_throw("compare the network namespaces of the containers"))
    throw Error(ErrorKind::State, text::join("containers ", one.container.name, " and ", other.container.name,
                                             " have one network: there is nothing to link"));
  const Store lock(machine.places);  // for names that are free
  const std::string name = free_device_name(here, one.device), other_name = free_device_name(there, other.device);
  const sys::UniqueFd socket = sys::make_route_socket().or_throw("make a route socket");
  net::DeviceEditor(socket.borrow()).make_veth({.name = name, .target = here, .inside_name = other_name}, there);
  try {
    finish(one, name);
    finish(other, other_name);
  } catch (const Error&) {
    remove(one, name);
    throw;
  }
}

}  // namespace caisson::network
