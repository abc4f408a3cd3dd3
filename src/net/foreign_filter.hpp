// Chains of other programs that drop what this machine forwards unless a rule lets it through, as Docker, ufw and hand-made
// rule sets leave them. An accepted packet of ours is dropped there all the same. Read only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.hpp"
#include "sys/packet_table.hpp"

namespace caisson::net {

inline constexpr std::string_view kBridgePrefix = "cs-";  // of the names of our bridges

enum class FilterFamily : std::uint8_t { Inet = 1, V4 = 2, V6 = 10 };  // NFPROTO_*

struct DroppingChain {
  FilterFamily family = FilterFamily::V4;
  std::string table, chain;
  bool legacy = false;  // of the old iptables
};

// In the namespace of the socket (sys::make_netfilter_socket). Those whose table says something about our bridges are left
// out: somebody has dealt with it. What cannot be read counts as nothing.
std::vector<DroppingChain> find_dropping_chains(sys::BorrowedFd socket);
bool legacy_drops(const sys::LegacyFilter& filter);

// "policy drop of chain FORWARD in table ip filter".
std::string chain_text(const DroppingChain& chain);
// With the program that made the chain: rules of another form would make it unreadable for that one.
std::string mending_commands(const DroppingChain& chain);

// The chain that NFT_MSG_NEWCHAIN tells of, when it is one: a base chain of the hook forward with policy drop.
bool read_dropping_chain(std::string_view body, DroppingChain& out);
// Whether a rule compares something with the prefix.
bool names_our_bridges(std::string_view rule);

}  // namespace caisson::net
