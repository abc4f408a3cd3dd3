#include "net/firewall.hpp"

#include <gtest/gtest.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "net/nft_transaction.hpp"
#include "net/route_message.hpp"

namespace caisson::net {
namespace {

struct Heard {
  std::uint16_t type = 0, flags = 0;
  std::uint32_t sequence = 0;
  std::string attributes;
};

std::vector<Heard> messages(NftBatch batch) {
  const std::string bytes = batch.finish();
  std::vector<Heard> all;
  std::string_view rest = bytes;
  while (const auto message = take_message(rest))
    all.push_back({message->type, message->flags, message->sequence, std::string(message->body.substr(sizeof(nfgenmsg)))});
  EXPECT_TRUE(rest.empty());
  return all;
}

std::uint16_t of_tables(int type) { return static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type); }

FirewallContents lab() {
  return {.networks = {{.bridge = "cs-1", .subnets = {*Subnet::parse("10.5.0.0/24")}, .internal = false}},
          .ports = {{.host_port = 8080, .inside = *Ip::parse("10.5.0.2"), .inside_port = 80, .protocol = Protocol::Tcp}}};
}

// Every element of the messages about one set, as key, end of a range, value.
struct Found {
  std::string key, key_end, data;
};
std::vector<Found> elements_of(const std::vector<Heard>& all, std::string_view set) {
  std::vector<Found> found;
  for (const Heard& message : all) {
    const auto name = find_attribute(message.attributes, NFTA_SET_ELEM_LIST_SET);
    const auto list = find_attribute(message.attributes, NFTA_SET_ELEM_LIST_ELEMENTS);
    if (!list || !name || name->words() != set) continue;
    for (std::string_view nest = list->payload; const auto element = take_attribute(nest);) {
      const auto value = [&](std::uint16_t type) {
        const auto outer = find_attribute(element->payload, type);
        const auto inner = outer ? find_attribute(outer->payload, NFTA_DATA_VALUE) : std::nullopt;
        return inner ? std::string(inner->payload) : std::string();
      };
      found.push_back({value(NFTA_SET_ELEM_KEY), value(NFTA_SET_ELEM_KEY_END), value(NFTA_SET_ELEM_DATA)});
    }
  }
  return found;
}

TEST(Firewall, IsOneTransactionWhoseLastMessageIsAnswered) {
  const auto all = messages(make_firewall(7, "caisson", lab()));
  ASSERT_GT(all.size(), 20U);
  EXPECT_EQ(all.front().type, NFNL_MSG_BATCH_BEGIN);
  EXPECT_EQ(all.back().type, NFNL_MSG_BATCH_END);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].sequence, 7 + i);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ((all[i].flags & NLM_F_ACK) != 0, i + 2 == all.size()) << i;
  // What is there goes first, whether it is there or not.
  EXPECT_EQ(all[1].type, of_tables(NFT_MSG_NEWTABLE));
  EXPECT_EQ(all[2].type, of_tables(NFT_MSG_DELTABLE));
  EXPECT_EQ(all[3].type, of_tables(NFT_MSG_NEWTABLE));
  EXPECT_EQ(find_attribute(all[3].attributes, NFTA_TABLE_NAME)->words(), "caisson");
}

TEST(Firewall, LeadsAPublishedPortToItsContainer) {
  const auto added = elements_of(messages(change_firewall(1, "caisson", ElementChange::Add, lab())), "ports4");
  ASSERT_EQ(added.size(), 1U);
  EXPECT_EQ(added[0].key, std::string("\x06\0\0\0\x1f\x90\0\0", 8));     // tcp . 8080
  EXPECT_EQ(added[0].data, std::string("\x0a\x05\0\x02\0\x50\0\0", 8));  // 10.5.0.2 . 80
  const auto removed = elements_of(messages(change_firewall(1, "caisson", ElementChange::Remove, lab())), "ports4");
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_EQ(removed[0].key, added[0].key);
  EXPECT_TRUE(removed[0].data.empty());
}

TEST(Firewall, KeepsPortsOfOneAddressApart) {
  FirewallContents contents = lab();
  contents.ports[0].host = *Ip::parse("192.0.2.1");
  contents.ports[0].protocol = Protocol::Udp;
  const auto all = messages(change_firewall(1, "caisson", ElementChange::Add, contents));
  EXPECT_TRUE(elements_of(all, "ports4").empty());
  const auto found = elements_of(all, "address_ports4");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].key, std::string("\xc0\0\x02\x01\x11\0\0\0\x1f\x90\0\0", 12));  // 192.0.2.1 . udp . 8080
}

TEST(Firewall, KnowsTheRangeOfANetworkAndItsBridge) {
  const auto all = messages(change_firewall(1, "caisson", ElementChange::Add, lab()));
  const auto subnets = elements_of(all, "subnets4");
  ASSERT_EQ(subnets.size(), 2U);
  EXPECT_EQ(subnets[0].key, std::string("\x0a\x05\0\0", 4));
  EXPECT_EQ(subnets[1].key, std::string("\x0a\x05\x01\0", 4));
  const auto own = elements_of(all, "own4");
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].key, std::string("cs-1\0\0\0\0\0\0\0\0\0\0\0\0\x0a\x05\0\0", 20));
  EXPECT_EQ(own[0].key_end, std::string("cs-1\0\0\0\0\0\0\0\0\0\0\0\0\x0a\x05\0\xff", 20));
  EXPECT_TRUE(elements_of(all, "internal").empty());
}

TEST(Firewall, SplitsListsThatNoMessageHolds) {
  FirewallContents contents;
  for (std::uint16_t port = 1; port <= 1200; ++port)
    contents.ports.push_back(
        {.host_port = port, .inside = *Ip::parse("fd00::2"), .inside_port = port, .protocol = Protocol::Udp});
  const auto all = messages(change_firewall(1, "caisson", ElementChange::Add, contents));
  EXPECT_EQ(all.size(), 5U);
  EXPECT_EQ(elements_of(all, "ports6").size(), 1200U);
}

std::string answer(std::uint32_t sequence, std::int32_t code) {
  const nlmsghdr header{sizeof(nlmsghdr) + sizeof code, NLMSG_ERROR, 0, sequence, 0};
  return std::string(bytes_of(header)) + std::string(bytes_of(code));
}

TEST(NftAnswers, EndWithTheLastMessageAndKeepTheFirstFailure) {
  EXPECT_FALSE(read_answers(answer(3, -17), 1, 5, {}).ended);
  const TransactionAnswer failed = read_answers(answer(3, -17) + answer(4, -2) + answer(5, 0), 1, 5, {});
  EXPECT_TRUE(failed.ended);
  EXPECT_EQ(failed.failure, 17);
  const TransactionAnswer fine = read_answers(answer(5, 0), 1, 5, {});
  EXPECT_TRUE(fine.ended);
  EXPECT_EQ(fine.failure, 0);
  EXPECT_TRUE(read_answers(answer(1, -1), 1, 5, {}).ended);
  EXPECT_FALSE(read_answers(answer(9, -1), 1, 5, {}).ended);
}

}  // namespace
}  // namespace caisson::net
