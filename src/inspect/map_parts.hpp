// The stages of make_map(), in their order. Each adds to the map what the next ones need.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "inspect/map_graph.hpp"

namespace caisson::inspect {

// The place of a kind in an array of all kinds.
constexpr std::size_t at(ns::Type type) { return static_cast<std::size_t>(type); }

// "net:[4026531840]".
std::string namespace_words(ns::Type type, std::uint64_t inode);
// What a namespace is called besides its number; empty: nothing.
std::string names_of(const NamespaceEntry& entry);

using NamespaceIndex = std::map<std::pair<ns::Type, std::uint64_t>, const NamespaceEntry*>;
NamespaceIndex index_of(const Machine& machine);

// Cards of processes and of namespaces without one; `owners` of the latter go into `namespaces` as their user namespace.
void add_cards(const Machine& machine, const MapOptions& options, Map& map);
// The frames, and every card in its own.
void add_boxes(const NamespaceIndex& index, const MapOptions& options, Map& map);
// Devices and wires.
void add_networks(const std::vector<NetworkDevices>& networks, Map& map);
// Identical cards of one box become one.
void stack_cards(const MapOptions& options, Map& map);

}  // namespace caisson::inspect
