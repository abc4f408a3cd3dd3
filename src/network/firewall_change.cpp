#include <algorithm>
#include <cerrno>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/conntrack.hpp"
#include "net/firewall.hpp"
#include "net/nft_transaction.hpp"
#include "network/wiring.hpp"
#include "sys/netlink.hpp"

namespace caisson::network {
namespace {

// Two state roots on one machine have two tables, so that neither removes the other's.
std::string table_name(const Places& places) {
  if (places.state_root == kUsualRoot) return "caisson";
  return "caisson-" + bridge_name(places.state_root, "table").substr(3);
}

net::FirewallNetwork network_of(const Places& places, const Definition& definition) {
  net::FirewallNetwork network{.bridge = bridge_name(places.state_root, definition.name),
                               .subnets = {definition.subnet},
                               .internal = definition.internal};
  if (definition.has_v6()) network.subnets.push_back(definition.subnet6);
  return network;
}

// A port of every address is one of IPv4 and, where the container has such an address, one of IPv6.
void add_ports(std::vector<net::FirewallPort>& ports, const Member& member) {
  if (member.endpoints.empty()) return;
  const Endpoint& endpoint = member.endpoints.front();
  for (const PublishedPort& port : member.ports)
    for (const net::Ip& inside : {endpoint.ip, endpoint.ip6}) {
      if (!inside.given() || (port.host.given() && port.host.bits() != inside.bits())) continue;
      const net::Ip host = port.host.is_zero() ? net::Ip() : port.host;
      ports.push_back(
          {.host = host, .host_port = port.host_port, .inside = inside, .inside_port = port.port, .protocol = port.protocol});
    }
}

class Contents {
 public:
  explicit Contents(const Store& store) : store_(store) {}

  // Its ports, and those of its networks that are not among `known` or were added before.
  void add(const Member& member) {
    add_ports(contents_.ports, member);
    for (const Endpoint& endpoint : member.endpoints) {
      if (!seen_.insert(endpoint.network).second) continue;
      // A network that was removed by hand leaves its name only: nothing of it can be told to the filter.
      if (const auto definition = store_.find(endpoint.network))
        contents_.networks.push_back(network_of(store_.places(), *definition));
    }
  }
  void leave_out_networks_of(const Member& member) {
    for (const Endpoint& endpoint : member.endpoints) seen_.insert(endpoint.network);
  }
  net::FirewallContents take() { return std::move(contents_); }

 private:
  const Store& store_;
  std::set<std::string, std::less<>> seen_;
  net::FirewallContents contents_;
};

[[noreturn]] void fail(int errno_value) {
  Error error(ErrorKind::Kernel, "change the packet filter (nf_tables)", errno_value);
  if (errno_value == EPROTONOSUPPORT || errno_value == EOPNOTSUPP || errno_value == ENOENT)
    error.with_hint(
        "the kernel lacks a part of nf_tables: load the modules nf_tables, nft_chain_nat, nft_nat, nft_masq, nft_ct "
        "and nft_fib_inet; --net none runs it without a network");
  if (errno_value == EPERM)
    error.with_hint(
        "networks of containers need CAP_NET_ADMIN, which a container around this one may lack; --net none runs it without "
        "one");
  throw error;
}

sys::UniqueFd filter_socket() {
  auto socket = sys::make_netfilter_socket();
  if (!socket.ok()) fail(socket.err());
  return std::move(socket).value();
}

// After the filter has changed, so that nobody is led the old way again.
void forget_flows(sys::BorrowedFd socket, const Member& member) {
  for (const PublishedPort& port : member.ports)
    if (port.protocol == net::Protocol::Udp)
      net::forget_datagrams(socket, port.host_port).or_throw("forget where packets to port ", port.host_port, " went");
}

void make_again(sys::BorrowedFd socket, const Store& store, const std::vector<const Member*>& members) {
  Contents contents(store);
  for (const Member* member : members) contents.add(*member);
  const auto done = net::carry_out(socket, net::make_firewall(1, table_name(store.places()), contents.take()));
  if (!done.ok()) fail(done.err());
}

std::vector<const Member*> pointers(const std::vector<Member>& members) {
  std::vector<const Member*> all;
  for (const Member& member : members) all.push_back(&member);
  return all;
}

void open_firewall(sys::BorrowedFd socket, const Store& store, const Member& member, const std::vector<Member>& others) {
  if (!others.empty()) {
    // Elements that are there already are no error: this also sees a table that somebody has removed.
    Contents contents(store);
    contents.add(member);
    const auto change = net::ElementChange::Add;
    if (net::carry_out(socket, net::change_firewall(1, table_name(store.places()), change, contents.take())).ok()) return;
  }
  std::vector<const Member*> all = pointers(others);
  all.push_back(&member);
  make_again(socket, store, all);
}

void close_firewall(sys::BorrowedFd socket, const Store& store, const Member& member, const std::vector<Member>& others) {
  const std::string table = table_name(store.places());
  if (others.empty()) {
    const auto removed = net::carry_out(socket, net::remove_firewall(1, table));
    if (!removed.ok()) fail(removed.err());
    return;
  }
  Contents contents(store);
  for (const Member& other : others) contents.leave_out_networks_of(other);
  contents.add(member);
  net::FirewallContents gone = contents.take();
  if (gone.empty()) return;
  // What is not there as it should be is made new from the records.
  if (!net::carry_out(socket, net::change_firewall(1, table, net::ElementChange::Remove, gone)).ok())
    make_again(socket, store, pointers(others));
}

}  // namespace

void refuse_without_filter(const Places& places) {
  const sys::UniqueFd socket = filter_socket();
  net::RouteConversation conversation;
  const auto seen = net::look_for_table(conversation, socket.borrow(), table_name(places));
  if (!seen.ok() && seen.err() != ENOENT) fail(seen.err());
}

sys::UniqueFd open_firewall_for(const Store& store, const Member& member, const std::vector<Member>& others) {
  if (member.endpoints.empty()) return {};
  sys::UniqueFd socket = filter_socket();
  open_firewall(socket.borrow(), store, member, others);
  forget_flows(socket.borrow(), member);
  return socket;
}

sys::UniqueFd close_firewall_for(const Store& store, const Member& member, const std::vector<Member>& others) {
  if (member.endpoints.empty()) return {};
  sys::UniqueFd socket = filter_socket();
  close_firewall(socket.borrow(), store, member, others);
  forget_flows(socket.borrow(), member);
  return socket;
}

}  // namespace caisson::network
