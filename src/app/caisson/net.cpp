// caisson net create, ls, inspect, rm.
#include <algorithm>

#include "app/caisson/commands.hpp"
#include "app/caisson/run_network.hpp"
#include "app/caisson/state_root.hpp"
#include "app/report.hpp"
#include "app/text_table.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"
#include "network/attachment.hpp"
#include "network/networks.hpp"

namespace caisson::app::human {
namespace {

using network::Definition;
using network::Member;
using network::Store;

// With what dead containers have left taken back.
Store open_store(const Invocation& invocation) {
  network::refuse_ordinary_user();
  const network::Machine machine = network_machine(state_root_of(invocation), invocation.log);
  Store store(machine.places);
  network::reclaim(machine, store);
  return store;
}

network::NetworkWish wish_of(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  network::NetworkWish wish{.name = invocation.operand(0),
                            .v6 = options.flag("ipv6"),
                            .mtu = options.number("mtu").value_or(0),
                            .internal = options.flag("internal")};
  for (const std::string_view text : options.values("subnet")) {
    const auto subnet = net::Subnet::parse(text);
    if (!subnet)
      throw Error(ErrorKind::Usage, text::join("--subnet: cannot read ", text::quoted(text)))
          .with_hint("the form is 10.5.0.0/24 or fd00:5::/64, without bits behind the prefix");
    (subnet->base.is_v4() ? wish.subnet : wish.subnet6) = *subnet;
  }
  for (const std::string_view text : options.values("gateway")) {
    const auto gateway = net::Ip::parse(text);
    if (!gateway) throw Error(ErrorKind::Usage, text::join("--gateway: ", text::quoted(text), " is no IP address"));
    (gateway->is_v4() ? wish.gateway : wish.gateway6) = *gateway;
  }
  return wish;
}

std::size_t count_on(const std::vector<Member>& members, std::string_view name) {
  return static_cast<std::size_t>(
      std::ranges::count_if(members, [&](const Member& member) { return endpoint_on(member, name) != nullptr; }));
}

void write_member(json::Writer& out, const Member& member, const network::Endpoint& endpoint) {
  out.begin_object().key("id").string(member.id).key("names").begin_array();
  for (const std::string& name : member.names) out.string(name);
  out.end_array().key("device").string(endpoint.device).key("hostDevice").string(endpoint.host_link);
  out.key("mac").string(endpoint.mac).key("ip").string(endpoint.ip.text());
  if (endpoint.ip6.given()) out.key("ip6").string(endpoint.ip6.text());
  out.key("published").begin_array();
  for (const network::PublishedPort& port : member.ports) out.string(text::join(outside_text(port), ":", inside_text(port)));
  out.end_array().end_object();
}

void write_network(json::Writer& out, const Definition& network, const Store& store, const std::vector<Member>& members) {
  out.begin_object().key("name").string(network.name);
  out.key("bridge").string(network::bridge_name(store.places().state_root, network.name));
  out.key("subnet").string(network.subnet.text()).key("gateway").string(network.gateway.text());
  if (network.has_v6()) out.key("subnet6").string(network.subnet6.text()).key("gateway6").string(network.gateway6.text());
  if (network.mtu != 0) out.key("mtu").integer(network.mtu);
  out.key("internal").boolean(network.internal).key("containers").begin_array();
  for (const Member& member : members)
    if (const network::Endpoint* endpoint = endpoint_on(member, network.name)) write_member(out, member, *endpoint);
  out.end_array().end_object();
}

std::string json_of(const std::vector<Definition>& networks, const Store& store) {
  const std::vector<Member> members = store.members();
  json::Writer out(json::kTwoSpaces);
  out.begin_array();
  for (const Definition& network : networks) write_network(out, network, store, members);
  out.end_array();
  return out.take() + "\n";
}

std::string table_of(const std::vector<Definition>& networks, const Store& store) {
  const std::vector<Member> members = store.members();
  TextTable table({"NAME", "SUBNET", "IPV6", "BRIDGE", "KIND", "CONTAINERS"});
  for (const Definition& network : networks)
    table.add({network.name, network.subnet.text(), network.has_v6() ? network.subnet6.text() : "",
               network::bridge_name(store.places().state_root, network.name), network.internal ? "internal" : "bridge",
               text::join(count_on(members, network.name))});
  return table.text();
}

}  // namespace

int net_create(const Invocation& invocation) {
  const Store store = open_store(invocation);
  print_out(create_network(store, wish_of(invocation)).name + "\n");
  return 0;
}

int net_ls(const Invocation& invocation) {
  const Store store = open_store(invocation);
  const std::vector<Definition> networks = store.definitions();
  if (invocation.options().flag("json")) {
    print_out(json_of(networks, store));
  } else if (invocation.options().flag("quiet")) {
    std::string names;
    for (const Definition& network : networks) names += network.name + "\n";
    print_out(names);
  } else {
    print_out(table_of(networks, store));
  }
  return 0;
}

int net_inspect(const Invocation& invocation) {
  const Store store = open_store(invocation);
  std::vector<Definition> networks;
  for (const std::string_view name : invocation.line.operands) networks.push_back(known_network(store, name));
  print_out(json_of(networks, store));
  return 0;
}

int net_rm(const Invocation& invocation) {
  const Store store = open_store(invocation);
  for (const std::string_view name : invocation.line.operands) remove_network(store, name);
  return 0;
}

}  // namespace caisson::app::human
