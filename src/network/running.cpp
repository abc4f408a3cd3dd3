#include "network/running.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/device_editor.hpp"
#include "net/route_socket.hpp"
#include "network/membership.hpp"
#include "network/name_files.hpp"
#include "network/networks.hpp"
#include "network/way_out.hpp"
#include "network/wiring.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"

namespace caisson::network {
namespace {

std::vector<Member> and_itself(std::vector<Member> others, const Member& member) {
  if (!member.endpoints.empty()) others.push_back(member);
  return others;
}

// Its own hosts file, too, where it was given one when it started.
void tell_all(const Store& store, const Member& member, const std::vector<Member>& others, const Member& told) {
  if (store.has_files(member.id)) store.write_file(member.id, "hosts", hosts_text(member, others));
  tell_neighbours(store, told, and_itself(others, member));
}

// One endpoint of it alone, with the ports that lead to it.
Member only(const Member& member, const Endpoint& endpoint) {
  Member part = member;
  part.endpoints = {endpoint};
  if (member.endpoints.front().network != endpoint.network) part.ports.clear();
  return part;
}

// The filter first: no packet is led to a device that is gone.
void take_away(const Store& store, const Member& before, const Member& after, const Endpoint& endpoint) {
  const std::vector<Member> others = attached_others(store, before.id);
  const Member gone = only(before, endpoint);
  const sys::UniqueFd filter = close_firewall_for(store, gone, and_itself(others, after));
  sys::UniqueFd again;
  if (!after.endpoints.empty() && !gone.ports.empty()) again = open_firewall_for(store, after, others);
  remove_devices(gone.endpoints);
  write_or_remove(store, after);
  tell_all(store, after, others, gone);
}

Member without(const Member& member, std::string_view network) {
  Member rest = member;
  std::erase_if(rest.endpoints, [&](const Endpoint& one) { return one.network == network; });
  return rest;
}

void bring_in(const Store& store, const Member& member, const Endpoint& made, sys::BorrowedFd network_namespace) {
  const std::vector<Member> others = attached_others(store, member.id);
  const sys::UniqueFd filter = open_firewall_for(store, member, others);
  // They may come to lead here later, when the first network is taken away.
  connect_devices(store, {&made, 1}, member.ports.empty() ? Ports::None : Ports::Published, network_namespace);
  tell_all(store, member, others, member);
}

}  // namespace

std::string free_device_name(sys::BorrowedFd network_namespace, std::string_view wanted) {
  const sys::UniqueFd socket = net::route_socket_in(network_namespace);
  net::DeviceEditor inside(socket.borrow());
  if (!wanted.empty()) {
    if (!inside.find(wanted)) return std::string(wanted);
    throw Error(ErrorKind::State, text::join("the container has a network device ", wanted, " already"))
        .with_hint("choose another name");
  }
  for (unsigned number = 0;; ++number)
    if (std::string name = text::join("eth", number); !inside.find(name)) return name;
}

Endpoint connect(const Machine& machine, const Running& container, const EndpointWish& wish) {
  refuse_ordinary_user();
  refuse_without_filter(machine.places);
  const Store store(machine.places);
  reclaim(machine, store);
  const Member before = member_of(machine, store, container);
  const Definition network = network_for_use(store, wish.network);
  if (endpoint_on(before, network.name) != nullptr)
    throw Error(ErrorKind::State, text::join("container ", container.name, " is on network ", network.name, " already"));
  EndpointWish named = wish;
  named.device = free_device_name(container.network_namespace, wish.device);
  Member after = before;
  after.endpoints.push_back(make_endpoint(store, before, named, store.members()));
  const Endpoint& made = after.endpoints.back();
  store.write(after);
  try {
    open_way_out({network}, *machine.log);
    bring_in(store, after, made, container.network_namespace);
  } catch (const Error&) {
    undo(machine, "take the network away again", [&] { take_away(store, after, before, made); });
    throw;
  }
  return made;
}

void disconnect(const Machine& machine, const Running& container, std::string_view network) {
  refuse_ordinary_user();
  const Store store(machine.places);
  reclaim(machine, store);
  const Member before = member_of(machine, store, container);
  const Endpoint* const endpoint = endpoint_on(before, network);
  if (endpoint == nullptr) {
    const Definition known = known_network(store, network);
    throw Error(ErrorKind::State, text::join("container ", container.name, " is not on network ", known.name));
  }
  take_away(store, before, without(before, network), *endpoint);
}

}  // namespace caisson::network
