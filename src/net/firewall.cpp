#include "net/firewall.hpp"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

#include <array>

#include "net/firewall_elements.hpp"
#include "net/nft_rule.hpp"

namespace caisson::net {
namespace {

struct Chain {
  std::string_view name;
  std::string_view type;  // empty: it is jumped to
  std::uint32_t hook;
  std::int32_t priority;
};
constexpr Chain kChains[] = {
    {"raw", "filter", NF_INET_PRE_ROUTING, -300},
    {"ports4", {}, 0, 0},
    {"ports6", {}, 0, 0},
    {"arriving", "nat", NF_INET_PRE_ROUTING, -100},
    {"own", "nat", NF_INET_LOCAL_OUT, -100},
    {"forward", "filter", NF_INET_FORWARD, 0},
    {"leave", "nat", NF_INET_POST_ROUTING, 100},
};

constexpr std::string_view kLoopback4{"\x7f\0\0\0", 4}, kLoopbackMask{"\xff\0\0\0", 4};
constexpr std::string_view kMulticast4{"\xe0\0\0\0", 4}, kMulticastMask4{"\xf0\0\0\0", 4};
constexpr std::string_view kMulticast6{"\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16};

class Table {
 public:
  Table(NftBatch& batch, std::string_view name) : batch_(batch), name_(name) {}

  void chains() {
    for (const Chain& chain : kChains) {
      batch_.message(NFT_MSG_NEWCHAIN, NLM_F_CREATE);
      batch_.words(NFTA_CHAIN_TABLE, name_);
      batch_.words(NFTA_CHAIN_NAME, chain.name);
      if (chain.type.empty()) continue;
      batch_.nest(NFTA_CHAIN_HOOK, [&] {
        batch_.number(NFTA_HOOK_HOOKNUM, chain.hook);
        batch_.number(NFTA_HOOK_PRIORITY, static_cast<std::uint32_t>(chain.priority));
      });
      batch_.number(NFTA_CHAIN_POLICY, NF_ACCEPT);
      batch_.words(NFTA_CHAIN_TYPE, chain.type);
    }
  }

  void loopback_stays_inside() {
    for (const Field field : {Field::To, Field::From})
      rule("raw")
          .device(Side::In, Compare::Differs, "lo")
          .family(Family::V4)
          .address_within(Family::V4, field, Compare::Equal, kLoopback4, kLoopbackMask)
          .drop()
          .end();
  }

  void published_ports() {
    for (const std::string_view chain : {"arriving", "own"}) {
      rule(chain).family(Family::V4).to_local_address().jump("ports4").end();
      rule(chain).family(Family::V6).to_local_address().jump("ports6").end();
    }
    for (const Family family : {Family::V4, Family::V6}) {
      const bool v4 = family == Family::V4;
      const std::string_view chain = v4 ? "ports4" : "ports6";
      const unsigned behind = v4 ? 1 : 4;
      rule(chain)
          .family(family)
          .load_address(family, Field::To, 0)
          .load_protocol(behind)
          .load_port(behind + 1)
          .mapped_by(v4 ? kPortsOfAddress4 : kPortsOfAddress6)
          .translate_destination(family)
          .end();
      rule(chain)
          .family(family)
          .load_protocol(0)
          .load_port(1)
          .mapped_by(v4 ? kPorts4 : kPorts6)
          .translate_destination(family)
          .end();
    }
  }

  void forwarding() {
    rule("forward")
        .load_device(Side::In, 0)
        .in_set(kBridges, Compare::Differs)
        .load_device(Side::Out, 0)
        .in_set(kBridges, Compare::Differs)
        .accept()
        .end();
    // br_netfilter sends here what one port of a bridge sends to another.
    rule("forward").load_device(Side::In, 0).load_device(Side::Out, 4).in_set(kSameBridge).accept().end();
    rule("forward").connection_is(NftRule::State::Invalid).drop().end();
    for (const Side side : {Side::In, Side::Out}) rule("forward").load_device(side, 0).in_set(kInternal).drop().end();
    rule("forward").connection_is(NftRule::State::Known).accept().end();
    rule("forward").destination_was_translated().accept().end();
    rule("forward").load_device(Side::Out, 0).in_set(kBridges).drop().end();
  }

  void leaving() {
    rule("leave")
        .load_device(Side::Out, 0)
        .in_set(kBridges)
        .destination_was_translated()
        .family(Family::V4)
        .address_within(Family::V4, Field::From, Compare::Equal, kLoopback4, kLoopbackMask)
        .masquerade()
        .end();
    for (const Family family : {Family::V4, Family::V6}) {
      const bool v4 = family == Family::V4;
      rule("leave")
          .destination_was_translated()
          .family(family)
          .load_device(Side::Out, 0)
          .load_address(family, Field::From, 4)
          .in_set(v4 ? kOwn4 : kOwn6)
          .masquerade()
          .end();
      rule("leave")
          .family(family)
          .load_address(family, Field::From, 0)
          .in_set(v4 ? kSubnets4 : kSubnets6)
          .load_device(Side::Out, 0)
          .in_set(kBridges, Compare::Differs)
          .address_within(family, Field::To, Compare::Differs, v4 ? kMulticast4 : kMulticast6,
                          v4 ? kMulticastMask4 : kMulticast6)
          .masquerade()
          .end();
    }
  }

 private:
  NftRule rule(std::string_view chain) { return {batch_, name_, chain}; }

  NftBatch& batch_;
  std::string_view name_;
};

void add_table(NftBatch& batch, std::string_view table) {
  batch.message(NFT_MSG_NEWTABLE, NLM_F_CREATE);
  batch.words(NFTA_TABLE_NAME, table);
}

void delete_table(NftBatch& batch, std::string_view table) {
  batch.message(NFT_MSG_DELTABLE, 0);
  batch.words(NFTA_TABLE_NAME, table);
}

}  // namespace

NftBatch make_firewall(std::uint32_t sequence, std::string_view table, const FirewallContents& contents) {
  NftBatch batch(sequence);
  // Adding what may be there makes the removal succeed in both cases.
  add_table(batch, table);
  delete_table(batch, table);
  add_table(batch, table);
  declare_sets(batch, table);
  Table writer(batch, table);
  writer.chains();
  writer.loopback_stays_inside();
  writer.published_ports();
  writer.forwarding();
  writer.leaving();
  change_elements(batch, table, ElementChange::Add, contents);
  return batch;
}

NftBatch change_firewall(std::uint32_t sequence, std::string_view table, ElementChange change,
                         const FirewallContents& contents) {
  NftBatch batch(sequence);
  change_elements(batch, table, change, contents);
  return batch;
}

NftBatch remove_firewall(std::uint32_t sequence, std::string_view table) {
  NftBatch batch(sequence);
  add_table(batch, table);
  delete_table(batch, table);
  return batch;
}

}  // namespace caisson::net
