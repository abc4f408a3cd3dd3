#include "net/foreign_filter.hpp"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <algorithm>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "net/route_conversation.hpp"

namespace caisson::net {
namespace {

constexpr std::string_view kFamilyHeader = std::string_view("\0\0\0\0", sizeof(nfgenmsg));

RouteRequest list_of(std::uint16_t type, RouteConversation& conversation) {
  const auto message = static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type);
  return RouteRequest(message, NLM_F_DUMP, conversation.next_sequence(), kFamilyHeader);
}

std::uint32_t network_number(const std::optional<Attribute>& attribute, std::uint32_t otherwise) {
  return attribute ? ntohl(number_in<std::uint32_t>(attribute->payload)) : otherwise;
}

bool is_of(std::string_view body, const DroppingChain& chain) {
  const std::string_view attributes = body.substr(sizeof(nfgenmsg));
  const auto table = find_attribute(attributes, NFTA_RULE_TABLE);
  return static_cast<std::uint8_t>(body.front()) == static_cast<std::uint8_t>(chain.family) && table &&
         table->words() == chain.table;
}

std::string_view family_word(FilterFamily family) {
  if (family == FilterFamily::Inet) return "inet";
  return family == FilterFamily::V4 ? "ip" : "ip6";
}

bool is_of_iptables(const DroppingChain& chain) {
  return chain.family != FilterFamily::Inet && chain.table == "filter" && chain.chain == "FORWARD";
}

}  // namespace

bool read_dropping_chain(std::string_view body, DroppingChain& out) {
  if (body.size() < sizeof(nfgenmsg)) return false;
  const auto family = static_cast<std::uint8_t>(body.front());
  if (family != NFPROTO_INET && family != NFPROTO_IPV4 && family != NFPROTO_IPV6) return false;
  const std::string_view attributes = body.substr(sizeof(nfgenmsg));
  const auto hook = find_attribute(attributes, NFTA_CHAIN_HOOK);
  if (!hook || network_number(find_attribute(hook->payload, NFTA_HOOK_HOOKNUM), 0) != NF_INET_FORWARD) return false;
  if (network_number(find_attribute(attributes, NFTA_CHAIN_POLICY), NF_ACCEPT) != NF_DROP) return false;
  const auto table = find_attribute(attributes, NFTA_CHAIN_TABLE), chain = find_attribute(attributes, NFTA_CHAIN_NAME);
  if (!table || !chain) return false;
  out = {
      .family = static_cast<FilterFamily>(family), .table = std::string(table->words()), .chain = std::string(chain->words())};
  return true;
}

bool names_our_bridges(std::string_view rule) {
  constexpr std::uint16_t kValue = NFTA_DATA_VALUE;
  return rule.find(text::join(bytes_of(kValue), kBridgePrefix)) != std::string_view::npos;
}

std::vector<DroppingChain> find_dropping_chains(sys::BorrowedFd socket) {
  RouteConversation conversation;
  std::vector<DroppingChain> found;
  const auto read = conversation.ask(socket, list_of(NFT_MSG_GETCHAIN, conversation), [&](const RouteMessage& message) {
    DroppingChain chain;
    if (read_dropping_chain(message.body, chain)) found.push_back(std::move(chain));
  });
  if (!read.ok() || found.empty()) return {};
  const auto rules = conversation.ask(socket, list_of(NFT_MSG_GETRULE, conversation), [&](const RouteMessage& message) {
    if (message.body.size() < sizeof(nfgenmsg) || !names_our_bridges(message.body)) return;
    std::erase_if(found, [&](const DroppingChain& chain) { return is_of(message.body, chain); });
  });
  return rules.ok() ? found : std::vector<DroppingChain>{};
}

bool legacy_drops(const sys::LegacyFilter& filter) {
  return filter.forward_drops && filter.entries.find(text::join('\0', kBridgePrefix)) == std::string::npos;
}

std::string chain_text(const DroppingChain& chain) {
  return text::join("policy drop of chain ", text::printable(chain.chain), " in table ",
                    chain.legacy ? std::string_view("iptables-legacy") : family_word(chain.family), " ",
                    text::printable(chain.table));
}

std::string mending_commands(const DroppingChain& chain) {
  const auto both = [&](std::string_view front, std::string_view in, std::string_view out, std::string_view back) {
    return text::join(front, in, back, " && ", front, out, back);
  };
  if (is_of_iptables(chain)) {
    const std::string_view program = chain.family == FilterFamily::V6 ? "ip6tables" : "iptables";
    return both(text::join(program, chain.legacy ? "-legacy" : "", " -I FORWARD "), "-i cs-+", "-o cs-+", " -j ACCEPT");
  }
  return both(text::join("nft insert rule ", family_word(chain.family), " ", text::printable(chain.table), " ",
                         text::printable(chain.chain)),
              " iifname 'cs-*'", " oifname 'cs-*'", " accept");
}

}  // namespace caisson::net
