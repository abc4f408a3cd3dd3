// What is written on a card, and how high that makes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/map_layout.hpp"

namespace caisson::inspect {

// A device, or anything else worth a line of its own.
struct FaceLine {
  std::string text;
  std::size_t wire = kNone;  // a mark of that wire stands before it
};
struct CardFace {
  std::string name, tag, first;  // the tag stands right of the name
  std::vector<FaceLine> lines;
};
CardFace face_of(const Map& map, std::size_t card);
// "bridge 172.17.0.1/16, down".
std::string device_words(const MapDevice& device);
// "user", "pid", "mnt"...: at most four letters.
std::string_view short_name(ns::Type type);
// How one says what a card is: "container", "processes"...
std::string_view kind_words(CardKind kind);

int card_height(const CardFace& face);
// At the top left corner.
PlacedCard place_card(const Map& map, std::size_t card, const CardFace& face, Rect area);

}  // namespace caisson::inspect
