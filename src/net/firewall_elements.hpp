// The sets and maps of the table of net/firewall.hpp, and what stands in them.
#pragma once

#include <string_view>

#include "net/firewall.hpp"
#include "net/nft_batch.hpp"

namespace caisson::net {

inline constexpr std::string_view kBridges = "bridges", kSameBridge = "same_bridge", kInternal = "internal";
inline constexpr std::string_view kSubnets4 = "subnets4", kSubnets6 = "subnets6";
inline constexpr std::string_view kOwn4 = "own4", kOwn6 = "own6";  // a bridge with an address of its network
inline constexpr std::string_view kPortsOfAddress4 = "address_ports4", kPortsOfAddress6 = "address_ports6";
inline constexpr std::string_view kPorts4 = "ports4", kPorts6 = "ports6";

void declare_sets(NftBatch& batch, std::string_view table);
void change_elements(NftBatch& batch, std::string_view table, ElementChange change, const FirewallContents& contents);

}  // namespace caisson::net
