#include "network/membership.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/addresses.hpp"
#include "network/choose.hpp"
#include "network/name_files.hpp"
#include "network/networks.hpp"
#include "sys/random.hpp"

namespace caisson::network {
namespace {

constexpr unsigned kFirstMetric = 100;  // of the first network's default route: a route of the user's own comes before

net::Ip lease(const Store& store, const Definition& network, const EndpointWish& wish, const std::vector<Member>& members) {
  std::vector<net::Ip> taken;
  for (const Member& member : members)
    for (const Endpoint& endpoint : member.endpoints)
      if (endpoint.network == network.name) taken.push_back(endpoint.ip);
  std::ranges::sort(taken);
  if (wish.ip.given()) {
    check_address(network, taken, wish.ip);
    return wish.ip;
  }
  const auto ip = choose_address(network, taken, store.last_address(network.name));
  if (!ip)
    throw Error(ErrorKind::State,
                text::join("network ", network.name, ": all addresses of ", network.subnet.text(), " are taken"))
        .with_hint("make a network with a larger subnet: caisson net create --subnet");
  store.set_last_address(network.name, *ip);
  return *ip;
}

unsigned next_metric(const Member& member) {
  unsigned metric = kFirstMetric;
  for (const Endpoint& endpoint : member.endpoints) metric = std::max(metric, endpoint.metric + 1);
  return metric;
}

}  // namespace

std::vector<Member> attached_others(const Store& store, std::string_view id) {
  std::vector<Member> others = store.members();
  std::erase_if(others, [&](const Member& other) { return other.id == id || !other.attached || other.endpoints.empty(); });
  return others;
}

void tell_neighbours(const Store& store, const Member& member, const std::vector<Member>& members) {
  for (const Member& other : members) {
    const bool shared = std::ranges::any_of(
        member.endpoints, [&](const Endpoint& endpoint) { return endpoint_on(other, endpoint.network) != nullptr; });
    if (shared && other.id != member.id) store.write_file(other.id, "hosts", hosts_text(other, members));
  }
}

std::vector<Definition> networks_of(const Store& store, const Member& member) {
  std::vector<Definition> networks;
  for (const Endpoint& endpoint : member.endpoints) networks.push_back(known_network(store, endpoint.network));
  return networks;
}

std::string host_link_name() {
  std::string name = "cv";
  constexpr char kLetters[] = "0123456789abcdefghijklmnopqrstuv";
  for (const char byte : sys::random_bytes(12).or_throw("choose the name of a network device"))
    name += kLetters[static_cast<unsigned char>(byte) % 32];
  return name;
}

Endpoint make_endpoint(const Store& store, const Member& member, const EndpointWish& wish, const std::vector<Member>& members) {
  const Definition network = network_for_use(store, wish.network);
  const std::string mac =
      wish.mac.empty() ? hardware_address(store.places().state_root, text::join(member.id, " ", network.name)) : wish.mac;
  const net::Ip ip = lease(store, network, wish, members);
  return {.network = network.name,
          .device = wish.device,
          .host_link = host_link_name(),
          .mac = net::hardware_text(mac),
          .ip = ip,
          .ip6 = address6_for(network, ip),
          .metric = next_metric(member)};
}

Member member_of(const Machine& machine, const Store& store, const Running& container) {
  if (!state::open_verified(container.first_process, machine.boot_id))
    throw Error(ErrorKind::State, text::join("container ", container.name, " has ended meanwhile"));
  if (auto member = store.member(container.id)) {
    member->attached = true;
    return *std::move(member);
  }
  Member member{.id = container.id, .owner = container.first_process, .attached = true};
  if (container.name != container.id) member.names.push_back(container.name);
  member.names.push_back(container.id);
  return member;
}

void write_or_remove(const Store& store, const Member& member) {
  const bool empty = member.endpoints.empty() && member.devices.empty() && !store.has_files(member.id);
  if (empty)
    store.remove(member);
  else
    store.write(member);
}

void undo(const Machine& machine, std::string_view what, const std::function<void()>& back) {
  try {
    back();
  } catch (const Error& error) {
    machine.log->warning(text::join(what, ": ", error.message()));
  }
}

}  // namespace caisson::network
