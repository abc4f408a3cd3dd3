#include "inspect/map_graph.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "inspect/display_text.hpp"
#include "inspect/map_parts.hpp"

namespace caisson::inspect {
namespace {

// What two cards must have in common to be drawn as one: all but their names, pids and addresses.
using Likeness = std::tuple<CardKind, std::size_t, KindSet, std::string, std::vector<std::pair<std::string, std::size_t>>,
                            std::vector<std::size_t>, std::size_t>;

std::vector<std::size_t> shared_wires(const Map& map, std::size_t card) {
  std::vector<std::size_t> wires;
  for (std::size_t i = 0; i < map.wires.size(); ++i)
    if (map.wires[i].kind == WireKind::Shared &&
        std::ranges::any_of(map.wires[i].ends, [&](const WireEnd& end) { return end.card == card; }))
      wires.push_back(i);
  return wires;
}

Likeness likeness(const Map& map, std::size_t number) {
  const MapCard& card = map.cards[number];
  std::vector<std::pair<std::string, std::size_t>> devices;
  for (const MapDevice& device : card.devices) devices.emplace_back(device.name, device.wire);
  const std::string program = card.kind == CardKind::Container ? card.detail : card.name;
  return {card.kind, card.box, card.own, program, std::move(devices), shared_wires(map, number), card.processes.size()};
}

// A card that others are wired to is nobody's copy.
std::set<std::size_t> unlike_any(const Map& map) {
  std::set<std::size_t> cards{0};
  for (const MapWire& wire : map.wires) {
    if (wire.home != kNone) cards.insert(wire.home);
    if (wire.kind == WireKind::Veth)
      for (const WireEnd& end : wire.ends) cards.insert(end.card);
  }
  return cards;
}

std::size_t stack_limit(const MapOptions& options, CardKind kind) {
  if (kind == CardKind::Container) return options.stack_containers_from;
  return kind == CardKind::Processes ? options.stack_from : 0;
}

// For every card the one that stands for it.
std::vector<std::size_t> representatives(const MapOptions& options, const Map& map) {
  const std::set<std::size_t> unlike = unlike_any(map);
  std::map<Likeness, std::vector<std::size_t>> alike;
  std::vector<std::size_t> stands_for(map.cards.size());
  for (std::size_t i = 0; i < map.cards.size(); ++i) {
    stands_for[i] = i;
    if (stack_limit(options, map.cards[i].kind) != 0 && !unlike.contains(i)) alike[likeness(map, i)].push_back(i);
  }
  for (const auto& [key, cards] : alike)
    if (cards.size() >= std::max<std::size_t>(stack_limit(options, map.cards[cards.front()].kind), 2))
      for (const std::size_t card : cards) stands_for[card] = cards.front();
  return stands_for;
}

void merge(MapCard& into, const MapCard& other) {
  if (into.stands_for.empty()) into.stands_for.push_back(into.name);
  into.stands_for.push_back(other.name);
  into.processes.insert(into.processes.end(), other.processes.begin(), other.processes.end());
  for (std::size_t i = 0; i < into.devices.size(); ++i) {
    into.devices[i].addresses.insert(into.devices[i].addresses.end(), other.devices[i].addresses.begin(),
                                     other.devices[i].addresses.end());
    if (into.devices[i].mac != other.devices[i].mac) into.devices[i].mac.clear();
  }
  for (std::size_t i = 0; i < kKindCount; ++i)
    if (into.namespaces[i] != other.namespaces[i]) into.namespaces[i] = kUnknown;
}

void note_unread(const std::vector<NetworkDevices>& networks, Map& map) {
  std::map<std::string, std::size_t> reasons;
  for (const NetworkDevices& network : networks)
    if (!network.unread.empty()) ++reasons[displayable(network.unread, 200)];
  for (const auto& [reason, count] : reasons)
    map.notes.push_back(
        text::join("devices of ", count, count == 1 ? " network namespace" : " network namespaces", " not drawn: ", reason));
}

}  // namespace

void stack_cards(const MapOptions& options, Map& map) {
  const std::vector<std::size_t> stands_for = representatives(options, map);
  std::vector<std::size_t> place(map.cards.size(), kNone);
  std::vector<MapCard> kept;
  for (std::size_t i = 0; i < map.cards.size(); ++i) {
    if (stands_for[i] != i) {
      merge(kept[place[stands_for[i]]], map.cards[i]);
      continue;
    }
    place[i] = kept.size();
    kept.push_back(std::move(map.cards[i]));
  }
  map.cards = std::move(kept);
  for (MapBox& box : map.boxes) {
    std::erase_if(box.cards, [&](std::size_t card) { return place[card] == kNone; });
    for (std::size_t& card : box.cards) card = place[card];
  }
  for (MapWire& wire : map.wires) {
    if (wire.home != kNone) wire.home = place[wire.home];
    std::erase_if(wire.ends, [&](const WireEnd& end) { return place[end.card] == kNone; });
    for (WireEnd& end : wire.ends) end.card = place[end.card];
  }
}

Map make_map(const Machine& machine, const std::vector<NetworkDevices>& networks, const MapOptions& options) {
  Map map;
  map.host = options.host;
  map.when = options.when;
  const NamespaceIndex index = index_of(machine);
  add_cards(machine, options, map);
  add_boxes(index, options, map);
  add_networks(networks, map);
  stack_cards(options, map);
  note_unread(networks, map);
  return map;
}

}  // namespace caisson::inspect
