#include <linux/sched.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/addresses.hpp"
#include "net/early_removal.hpp"
#include "network/settings.hpp"
#include "network/wiring.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/netlink.hpp"
#include "sys/process.hpp"

namespace caisson::network {
namespace {

// The container's devices are born with them. What lies between the two changes of namespace does not throw.
sys::UniqueFd enter_and_prepare(sys::BorrowedFd network_namespace, bool v6) {
  const auto own = sys::open_at(sys::kCwd, "/proc/self/ns/net", O_RDONLY).or_throw("open /proc/self/ns/net");
  const Setting settings[] = {{"ipv4/conf/default/arp_notify", "1"},
                              {"ipv4/conf/default/rp_filter", "2"},
                              {"ipv6/conf/default/disable_ipv6", v6 ? "0" : "1"},
                              {"ipv6/conf/default/accept_dad", "0"},
                              {"ipv6/conf/default/accept_ra", "0"},
                              {"ipv6/conf/default/autoconf", "0"}};
  sys::set_namespace(network_namespace, CLONE_NEWNET).or_throw("enter the container's network namespace");
  auto socket = sys::make_route_socket();
  sys::SysStatus all_set{sys::Unit{}};
  for (const Setting& setting : settings)
    if (const auto set = write_setting(setting); !set.ok()) all_set = set;
  sys::set_namespace(own.borrow(), CLONE_NEWNET).or_throw("return to the caller's own network namespace");
  std::move(all_set).or_throw("prepare the container's network namespace");
  return std::move(socket).or_throw("make a route socket in the container's network namespace");
}

// What leads out of the machine, by the best default route; 0: nothing does.
unsigned mtu_outwards(net::DeviceEditor& host, sys::BorrowedFd socket) {
  unsigned best = std::numeric_limits<unsigned>::max();
  int device = 0;
  for (const net::Route& route : host.routes(AF_INET))
    if (route.to.prefix == 0 && route.device != 0 && route.metric < best) {
      best = route.metric;
      device = route.device;
    }
  if (device == 0) return 0;
  net::LinkReader reader;
  const auto links = reader.links(socket);
  const auto found = std::ranges::find(links, device, &net::Link::index);
  return found == links.end() ? 0 : found->mtu;
}

struct Host {
  net::DeviceEditor& editor;
  sys::BorrowedFd socket;
  const Store& store;
};

net::Link made_bridge(const Host& host, const Definition& network, const std::string& name, unsigned mtu) {
  const std::string& root = host.store.places().state_root;
  // Whether a VPN or another program has taken the subnet since it was chosen.
  for (const net::Route& route : host.editor.routes(AF_INET))
    if (!leaves_room_for(route, network.subnet))
      throw Error(ErrorKind::Host, text::join("network ", network.name, ": its subnet ", network.subnet.text(),
                                              " is in use: this machine has a route to ", route.to.text()))
          .with_hint("remove that route, or make the network anew with another --subnet");
  host.editor.make_bridge({.name = name, .mac = hardware_address(root, network.name), .mtu = mtu, .group = device_group(root)});
  const auto bridge = host.editor.find(name);
  if (!bridge) throw Error(ErrorKind::Kernel, text::join("make bridge ", name), ENODEV);
  return *bridge;
}

void set_up_bridge(const Host& host, const Definition& network, const net::Link& bridge) {
  apply_setting({text::join("ipv6/conf/", bridge.name, "/accept_dad"), "0"});
  apply_setting({text::join("ipv6/conf/", bridge.name, "/accept_ra"), "0"});
  apply_setting({text::join("ipv6/conf/", bridge.name, "/disable_ipv6"), network.has_v6() ? "0" : "1"});
  apply_setting({text::join("ipv4/conf/", bridge.name, "/rp_filter"), "2"});
  host.editor.set_alias(bridge, text::join("caisson network ", network.name));
  host.editor.add_address(bridge, network.gateway, network.subnet.prefix);
  if (network.has_v6()) host.editor.add_address(bridge, network.gateway6, network.subnet6.prefix);
  host.editor.set_up(bridge);
}

// As it should be, made or left over from a start that was killed. Cheap when it is up.
net::Link bridge_of(const Host& host, const Definition& network, unsigned mtu) {
  const std::string name = bridge_name(host.store.places().state_root, network.name);
  auto bridge = host.editor.find(name);
  if (bridge && bridge->kind != "bridge")
    throw Error(ErrorKind::Host, text::join("network ", network.name, ": device ", name, " is no bridge"))
        .with_hint("rename that device, or the network");
  if (bridge && bridge->up) return *bridge;
  if (!bridge) bridge = made_bridge(host, network, name, mtu);
  set_up_bridge(host, network, *bridge);
  return *bridge;
}

void address_inside(net::DeviceEditor& inside, const Endpoint& endpoint, const Definition& network) {
  const auto device = inside.find(endpoint.device);
  if (!device) throw Error(ErrorKind::Kernel, text::join("find network device ", endpoint.device, " in the container"), ENODEV);
  inside.add_address(*device, endpoint.ip, network.subnet.prefix);
  if (endpoint.ip6.given()) inside.add_address(*device, endpoint.ip6, network.subnet6.prefix);
  inside.set_up(*device);
  if (network.internal) return;
  inside.add_default_route(*device, network.gateway, endpoint.metric);
  if (endpoint.ip6.given()) inside.add_default_route(*device, network.gateway6, endpoint.metric);
}

void connect_one(const Host& host, net::DeviceEditor& inside, const Endpoint& endpoint, Ports ports,
                 sys::BorrowedFd network_namespace) {
  const auto network = host.store.find(endpoint.network);
  if (!network) throw Error(ErrorKind::State, text::join("network ", endpoint.network, " was removed meanwhile"));
  const unsigned mtu = network->mtu != 0 ? network->mtu : mtu_outwards(host.editor, host.socket);
  const net::Link bridge = bridge_of(host, *network, mtu);
  // A connection to a port at 127.0.0.1 leaves by the bridge.
  if (ports == Ports::Published) apply_setting({text::join("ipv4/conf/", bridge.name, "/route_localnet"), "1"});
  host.editor.make_veth({.name = endpoint.host_link,
                         .bridge = bridge.index,
                         .mtu = mtu,
                         .group = device_group(host.store.places().state_root),
                         .inside_name = endpoint.device,
                         .inside_mac = mac_bytes(endpoint.mac)},
                        network_namespace);
  address_inside(inside, endpoint, *network);
  const auto port = host.editor.find(endpoint.host_link);
  if (!port) throw Error(ErrorKind::Kernel, text::join("find network device ", endpoint.host_link), ENODEV);
  // With br_netfilter a container reaches a published port of its own only through the same port of the bridge.
  if (ports == Ports::Published && read_setting("bridge/bridge-nf-call-iptables") == "1") host.editor.set_hairpin(*port);
  host.editor.set_up(*port);
}

}  // namespace

void connect_devices(const Store& store, std::span<const Endpoint> endpoints, Ports ports, sys::BorrowedFd network_namespace) {
  if (endpoints.empty()) return;
  const bool v6 = std::ranges::any_of(endpoints, [](const Endpoint& one) { return one.ip6.given(); });
  const sys::UniqueFd inside_socket = enter_and_prepare(network_namespace, v6);
  const sys::UniqueFd host_socket = sys::make_route_socket().or_throw("make a route socket");
  net::DeviceEditor inside(inside_socket.borrow()), outside(host_socket.borrow());
  const Host host{outside, host_socket.borrow(), store};
  for (const Endpoint& endpoint : endpoints) connect_one(host, inside, endpoint, ports, network_namespace);
}

void remove_devices(std::span<const Endpoint> endpoints, std::optional<Early> early) {
  if (endpoints.empty()) return;
  const sys::UniqueFd socket = sys::make_route_socket().or_throw("make a route socket");
  net::DeviceEditor editor(socket.borrow());
  for (const Endpoint& endpoint : endpoints)
    if (const auto link = editor.find(endpoint.host_link))
      if (!early || !net::remove_early(editor, *link, early->filters)) editor.remove(*link);
}

void remove_bridge(const Places& places, const Definition& network) {
  const sys::UniqueFd socket = sys::make_route_socket().or_throw("make a route socket");
  net::DeviceEditor editor(socket.borrow());
  const auto bridge = editor.find(bridge_name(places.state_root, network.name));
  if (bridge && bridge->kind == "bridge") editor.remove(*bridge);
}

}  // namespace caisson::network
