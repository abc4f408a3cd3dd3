#include "net/foreign_filter.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "base/printable.hpp"
#include "net/route_message.hpp"

namespace caisson::net {
namespace {

struct Said {
  std::uint8_t family = NFPROTO_IPV4;
  std::uint32_t hook = NF_INET_FORWARD, policy = NF_DROP;
};

std::string chain_message(const Said& said) {
  const std::string header{static_cast<char>(said.family), 0, 0, 0};
  RouteRequest message(0, 0, 1, header);
  const std::uint32_t hook = htonl(said.hook), policy = htonl(said.policy);
  message.add_words(NFTA_CHAIN_TABLE, "filter");
  message.add_words(NFTA_CHAIN_NAME, "FORWARD");
  message.add_nest(NFTA_CHAIN_HOOK, [&] { message.add(NFTA_HOOK_HOOKNUM, bytes_of(hook)); });
  message.add(NFTA_CHAIN_POLICY, bytes_of(policy));
  return std::string(message.bytes().substr(16));
}

bool is_seen(const Said& said) {
  DroppingChain chain;
  return read_dropping_chain(chain_message(said), chain);
}

TEST(ForeignFilters, AreThoseThatDropWhatIsForwarded) {
  EXPECT_TRUE(is_seen({}));
  EXPECT_TRUE(is_seen({.family = NFPROTO_INET}));
  EXPECT_TRUE(is_seen({.family = NFPROTO_IPV6}));
  EXPECT_FALSE(is_seen({.family = NFPROTO_BRIDGE}));
  EXPECT_FALSE(is_seen({.hook = NF_INET_LOCAL_IN}));
  EXPECT_FALSE(is_seen({.policy = NF_ACCEPT}));
  const std::string whole = chain_message({});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    DroppingChain chain;
    read_dropping_chain(std::string_view(whole).substr(0, length), chain);
  }
}

TEST(ForeignFilters, AreMendedByTheProgramThatMadeThem) {
  DroppingChain chain;
  ASSERT_TRUE(read_dropping_chain(chain_message({}), chain));
  EXPECT_EQ(mending_commands(chain), "iptables -I FORWARD -i cs-+ -j ACCEPT && iptables -I FORWARD -o cs-+ -j ACCEPT");
  chain.family = FilterFamily::V6;
  EXPECT_TRUE(mending_commands(chain).starts_with("ip6tables -I FORWARD -i cs-+"));
  chain = {.family = FilterFamily::Inet, .table = "my\ntable", .chain = "past"};
  EXPECT_TRUE(mending_commands(chain).starts_with("nft insert rule inet " + text::printable(chain.table) +
                                                  " past iifname 'cs-*' accept"));
}

TEST(ForeignFilters, AreDealtWithWhenARuleComparesWithOurBridges) {
  RouteRequest rule(0, 0, 1, std::string(4, '\0'));
  rule.add_nest(NFTA_RULE_EXPRESSIONS, [&] { rule.add(NFTA_DATA_VALUE, "cs-"); });
  EXPECT_TRUE(names_our_bridges(rule.bytes()));
  RouteRequest other(0, 0, 1, std::string(4, '\0'));
  other.add(NFTA_DATA_VALUE, "docs-");
  EXPECT_FALSE(names_our_bridges(other.bytes()));
}

TEST(ForeignFilters, OfTheOldIptablesAreToldByTheirPolicyAndRules) {
  EXPECT_FALSE(legacy_drops({}));
  EXPECT_TRUE(legacy_drops({.forward_drops = true, .entries = {}}));
  EXPECT_FALSE(legacy_drops({.forward_drops = true, .entries = std::string("\0\0cs-\0", 6)}));
}

}  // namespace
}  // namespace caisson::net
