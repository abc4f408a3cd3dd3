#include "net/firewall_elements.hpp"

#include <arpa/inet.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <netinet/in.h>

#include <algorithm>
#include <span>

namespace caisson::net {
namespace {

// How nft(8) shows keys; the kernel only keeps the numbers. Those of a concatenation stand behind each other, six bits each.
constexpr std::uint32_t kAddress4 = 7, kAddress6 = 8, kProtocol = 12, kService = 13, kDevice = 41;
constexpr std::uint32_t beside(std::uint32_t a, std::uint32_t b) { return a << 6 | b; }

struct Set {
  std::string_view name;
  std::uint32_t key_type, key_length;
  std::uint32_t flags = 0;
  std::uint32_t data_type = 0, data_length = 0;
  std::uint32_t second_field = 0;  // length of the second of two fields, for ranges
};
constexpr std::uint32_t kRanges = NFT_SET_INTERVAL | NFT_SET_CONCAT;
constexpr Set kSets[] = {
    {kBridges, kDevice, 16},
    {kSameBridge, beside(kDevice, kDevice), 32},
    {kInternal, kDevice, 16},
    {kSubnets4, kAddress4, 4, NFT_SET_INTERVAL},
    {kSubnets6, kAddress6, 16, NFT_SET_INTERVAL},
    {kOwn4, beside(kDevice, kAddress4), 20, kRanges, 0, 0, 4},
    {kOwn6, beside(kDevice, kAddress6), 32, kRanges, 0, 0, 16},
    {kPortsOfAddress4, beside(beside(kAddress4, kProtocol), kService), 12, NFT_SET_MAP, beside(kAddress4, kService), 8},
    {kPorts4, beside(kProtocol, kService), 8, NFT_SET_MAP, beside(kAddress4, kService), 8},
    {kPortsOfAddress6, beside(beside(kAddress6, kProtocol), kService), 24, NFT_SET_MAP, beside(kAddress6, kService), 20},
    {kPorts6, beside(kProtocol, kService), 8, NFT_SET_MAP, beside(kAddress6, kService), 20},
};

constexpr std::size_t kMostInMessage = 500;  // a list of elements is at most 64 KiB long

struct Element {
  std::string key, key_end, data;
  std::uint32_t flags = 0;
};

std::string device(std::string_view name) {
  std::string bytes(name);
  bytes.resize(16, '\0');
  return bytes;
}

std::string padded(std::string_view bytes) {
  std::string out(bytes);
  out.resize(aligned(out.size()), '\0');
  return out;
}

std::string port_bytes(std::uint16_t port) {
  const std::uint16_t in_network_order = htons(port);
  return padded(bytes_of(in_network_order));
}

std::string protocol_bytes(Protocol protocol) {
  const std::uint8_t number = protocol == Protocol::Tcp ? IPPROTO_TCP : IPPROTO_UDP;
  return padded(bytes_of(number));
}

class Elements {
 public:
  Elements(NftBatch& batch, std::string_view table, ElementChange change) : batch_(batch), table_(table), change_(change) {}

  void write(std::string_view set, std::span<const Element> all) {
    for (; !all.empty(); all = all.subspan(std::min(all.size(), kMostInMessage)))
      message(set, all.first(std::min(all.size(), kMostInMessage)));
  }

 private:
  void message(std::string_view set, std::span<const Element> some) {
    const bool add = change_ == ElementChange::Add;
    batch_.message(add ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM, add ? NLM_F_CREATE : 0);
    batch_.words(NFTA_SET_ELEM_LIST_TABLE, table_);
    batch_.words(NFTA_SET_ELEM_LIST_SET, set);
    batch_.nest(NFTA_SET_ELEM_LIST_ELEMENTS, [&] {
      for (const Element& each : some) batch_.nest(NFTA_LIST_ELEM, [&] { element(each); });
    });
  }

  void element(const Element& each) {
    value(NFTA_SET_ELEM_KEY, each.key);
    if (!each.key_end.empty()) value(NFTA_SET_ELEM_KEY_END, each.key_end);
    if (each.flags != 0) batch_.number(NFTA_SET_ELEM_FLAGS, each.flags);
    if (!each.data.empty() && change_ == ElementChange::Add) value(NFTA_SET_ELEM_DATA, each.data);
  }

  void value(std::uint16_t type, std::string_view bytes) {
    batch_.nest(type, [&] { batch_.bytes(NFTA_DATA_VALUE, bytes); });
  }

  NftBatch& batch_;
  std::string_view table_;
  ElementChange change_;
};

void change_networks(Elements& elements, const std::vector<FirewallNetwork>& networks) {
  std::vector<Element> bridges, pairs, internal, subnets4, subnets6, own4, own6;
  for (const FirewallNetwork& network : networks) {
    bridges.push_back({.key = device(network.bridge)});
    pairs.push_back({.key = device(network.bridge) + device(network.bridge)});
    if (network.internal) internal.push_back({.key = device(network.bridge)});
    for (const Subnet& subnet : network.subnets) {
      const std::string first(subnet.base.bytes()), last(subnet.last().bytes());
      const std::string behind(subnet.last().plus(1).bytes());
      auto& subnets = subnet.base.is_v4() ? subnets4 : subnets6;
      subnets.push_back({.key = first});
      subnets.push_back({.key = behind, .flags = NFT_SET_ELEM_INTERVAL_END});
      auto& own = subnet.base.is_v4() ? own4 : own6;
      own.push_back({.key = device(network.bridge) + first, .key_end = device(network.bridge) + last});
    }
  }
  elements.write(kBridges, bridges);
  elements.write(kSameBridge, pairs);
  elements.write(kInternal, internal);
  elements.write(kSubnets4, subnets4);
  elements.write(kSubnets6, subnets6);
  elements.write(kOwn4, own4);
  elements.write(kOwn6, own6);
}

void change_ports(Elements& elements, const std::vector<FirewallPort>& ports) {
  std::vector<Element> any4, any6, of_address4, of_address6;
  for (const FirewallPort& port : ports) {
    const bool v4 = port.inside.is_v4();
    const std::string behind = protocol_bytes(port.protocol) + port_bytes(port.host_port);
    const std::string target = std::string(port.inside.bytes()) + port_bytes(port.inside_port);
    if (port.host.given())
      (v4 ? of_address4 : of_address6).push_back({.key = std::string(port.host.bytes()) + behind, .data = target});
    else
      (v4 ? any4 : any6).push_back({.key = behind, .data = target});
  }
  elements.write(kPorts4, any4);
  elements.write(kPorts6, any6);
  elements.write(kPortsOfAddress4, of_address4);
  elements.write(kPortsOfAddress6, of_address6);
}

}  // namespace

void declare_sets(NftBatch& batch, std::string_view table) {
  std::uint32_t id = 0;
  for (const Set& set : kSets) {
    batch.message(NFT_MSG_NEWSET, NLM_F_CREATE);
    batch.words(NFTA_SET_TABLE, table);
    batch.words(NFTA_SET_NAME, set.name);
    batch.number(NFTA_SET_FLAGS, set.flags);
    batch.number(NFTA_SET_KEY_TYPE, set.key_type);
    batch.number(NFTA_SET_KEY_LEN, set.key_length);
    if (set.data_length != 0) {
      batch.number(NFTA_SET_DATA_TYPE, set.data_type);
      batch.number(NFTA_SET_DATA_LEN, set.data_length);
    }
    if (set.second_field != 0)
      batch.nest(NFTA_SET_DESC, [&] {
        batch.nest(NFTA_SET_DESC_CONCAT, [&] {
          for (const std::uint32_t length : {set.key_length - set.second_field, set.second_field})
            batch.nest(NFTA_LIST_ELEM, [&] { batch.number(NFTA_SET_FIELD_LEN, length); });
        });
      });
    batch.number(NFTA_SET_ID, ++id);
  }
}

void change_elements(NftBatch& batch, std::string_view table, ElementChange change, const FirewallContents& contents) {
  Elements elements(batch, table, change);
  change_networks(elements, contents.networks);
  change_ports(elements, contents.ports);
}

}  // namespace caisson::net
