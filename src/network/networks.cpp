#include "network/networks.hpp"

#include <sys/socket.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/device_editor.hpp"
#include "network/choose.hpp"
#include "network/wiring.hpp"
#include "sys/file.hpp"
#include "sys/netlink.hpp"
#include "sys/random.hpp"

namespace caisson::network {
namespace {

constexpr unsigned kLeastMtu = 68, kLeastMtu6 = 1280, kMostMtu = 65535;  // RFC 791, RFC 8200, of a bridge
constexpr unsigned kNarrowest4 = 30, kNarrowest6 = 64;

void check(const NetworkWish& wish) {
  check_network_name(wish.name);
  if (wish.mtu != 0 && (wish.mtu < (wish.v6 ? kLeastMtu6 : kLeastMtu) || wish.mtu > kMostMtu))
    throw Error(ErrorKind::Usage, text::join("--mtu: ", wish.mtu, " is not possible"))
        .with_hint("IPv4 needs at least 68, IPv6 1280; 65535 is the most");
  if (wish.subnet.base.given() && wish.subnet.prefix > kNarrowest4)
    throw Error(ErrorKind::Usage, text::join("--subnet: ", wish.subnet.text(), " has no room for a gateway and a container"));
  if (wish.subnet6.base.given() && wish.subnet6.prefix > kNarrowest6)
    throw Error(ErrorKind::Usage, text::join("--subnet: ", wish.subnet6.text(), ": IPv6 needs a subnet of /64 or larger"));
}

void check_gateway(const net::Subnet& subnet, const net::Ip& gateway) {
  if (subnet.contains(gateway) && gateway != subnet.base && gateway != subnet.last()) return;
  throw Error(ErrorKind::Usage,
              text::join("--gateway: ", gateway.text(), " is no address that a device of ", subnet.text(), " can have"));
}

std::vector<net::Route> routes_of(std::uint8_t family) {
  const sys::UniqueFd socket = sys::make_route_socket().or_throw("make a route socket");
  return net::DeviceEditor(socket.borrow()).routes(family);
}

}  // namespace

Definition create_network(const Store& store, const NetworkWish& wish) {
  check(wish);
  if (store.find(wish.name))
    throw Error(ErrorKind::State, text::join("there is a network called ", wish.name, " already"))
        .with_hint(text::join("caisson net inspect ", wish.name, " shows it"));
  const std::vector<Definition> others = store.definitions();
  const auto routes = routes_of(AF_INET);
  if (wish.subnet.base.given()) refuse_overlap(wish.subnet, routes, others);
  Definition made{.name = wish.name,
                  .subnet = wish.subnet.base.given() ? wish.subnet : choose_subnet(routes, others),
                  .mtu = wish.mtu,
                  .internal = wish.internal};
  made.gateway = wish.gateway.given() ? wish.gateway : made.subnet.base.plus(1);
  check_gateway(made.subnet, made.gateway);
  if (wish.v6 || wish.subnet6.base.given()) {
    if (wish.subnet6.base.given()) refuse_overlap(wish.subnet6, routes_of(AF_INET6), others);
    made.subnet6 =
        wish.subnet6.base.given() ? wish.subnet6 : choose_subnet6(sys::random_bytes(5).or_throw("choose a subnet of IPv6"));
    made.gateway6 = wish.gateway6.given() ? wish.gateway6 : made.subnet6.base.plus(1);
    check_gateway(made.subnet6, made.gateway6);
  } else if (wish.gateway6.given()) {
    throw Error(ErrorKind::Usage, "--gateway: one of IPv6 for a network without it").with_hint("add --ipv6");
  }
  store.write(made);
  return made;
}

Definition known_network(const Store& store, std::string_view name) {
  if (auto found = store.find(name)) return *std::move(found);
  std::vector<std::string> names;
  for (const Definition& one : store.definitions()) names.push_back(one.name);
  throw Error(ErrorKind::Usage, text::join("there is no network called ", text::quoted(name)))
      .with_hint(text::join(names.empty() ? std::string() : "known are " + text::join_with(names, ", ") + "; ",
                            "caisson net create makes one"));
}

Definition network_for_use(const Store& store, std::string_view name) {
  if (name == kDefaultNetwork && !store.find(name)) return create_network(store, {.name = std::string(name)});
  return known_network(store, name);
}

void remove_network(const Store& store, std::string_view name) {
  const Definition network = known_network(store, name);
  for (const Member& member : store.members())
    if (endpoint_on(member, name) != nullptr)
      throw Error(ErrorKind::State, text::join("network ", name, " is in use by container ", member.id))
          .with_hint("end that container first");
  remove_bridge(store.places(), network);
  store.remove(name);
}

}  // namespace caisson::network
