// Colours that stay apart for colour-blind eyes (Okabe and Ito's, less the yellow that white paper swallows), and dashes where
// they run out: a wire is also named where it runs, a card's kind is also said in words.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "inspect/map_graph.hpp"

namespace caisson::inspect {

inline constexpr std::array<std::string_view, 7> kWireColours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                              "#e69f00", "#333333", "#56b4e9"};
inline constexpr std::array<std::string_view, 4> kWireDashes{"", "7 3", "2 3", "9 3 2 3"};

inline std::string_view wire_colour(std::size_t wire) { return kWireColours[wire % kWireColours.size()]; }
inline std::string_view wire_dash(const MapWire& wire, std::size_t number) {
  return wire.kind == WireKind::Shared ? "1 4" : kWireDashes[number / kWireColours.size() % kWireDashes.size()];
}

inline std::string_view card_colour(CardKind kind) {
  constexpr std::string_view kColours[] = {"#44546a", "#999999", "#0072b2", "#009e73", "#e69f00"};
  return kColours[static_cast<std::size_t>(kind)];
}

}  // namespace caisson::inspect
