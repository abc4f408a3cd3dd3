// Where everything of a map stands in a picture: frames, cards and texts as rectangles, wires as straight lines. Cards stand in
// rows. Under each row runs a channel of horizontal tracks, one for each wire that has ends in the row, and left of all rows a
// gutter of vertical ones, so that no wire runs over a card and none over a text. Widths of text are estimates on the safe
// side. Pure. Measures are those of an SVG's user units.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/map_graph.hpp"

namespace caisson::inspect {

struct Rect {
  int x = 0, y = 0, width = 0, height = 0;
  int right() const { return x + width; }
  int bottom() const { return y + height; }
};

enum class TextRole : std::uint8_t { Heading, Note, FrameLabel, CardName, CardTag, CardLine, WireLabel };

struct PlacedText {
  TextRole role = TextRole::CardLine;
  int x = 0, y = 0;  // the left end of the base line; of a tag the right end
  std::string text;
  Rect within;  // what it must not leave
};

// The mark of one kind of namespace on a card.
struct PlacedChip {
  ns::Type type = ns::Type::User;
  bool own = false;
  Rect area;
};

// Where a device meets its wire: the upper end of a stub, and the mark beside the device's name.
struct PlacedPort {
  std::size_t wire = kNone;
  Rect mark;
};

struct PlacedCard {
  std::size_t card = 0;
  Rect area;
  std::vector<PlacedText> texts;
  std::vector<PlacedChip> chips;
  std::vector<PlacedPort> ports;
};

struct PlacedFrame {
  std::size_t box = 0;
  int depth = 0;
  Rect area;
  PlacedText label;
};

struct Segment {
  int x1 = 0, y1 = 0, x2 = 0, y2 = 0;
};
struct PlacedWire {
  std::size_t wire = 0;
  std::vector<Segment> lines;
  std::vector<Segment> joints;  // points: x1, y1
  std::vector<PlacedText> labels;
};

struct Picture {
  int width = 0, height = 0;
  std::vector<PlacedText> texts;
  Rect legend;
  std::vector<PlacedFrame> frames;  // outer ones first
  std::vector<PlacedCard> cards;
  std::vector<PlacedWire> wires;
};

Picture lay_out(const Map& map);

// An estimate on the safe side of how wide a text is, and as much of it as fits, with an ellipsis where it was cut.
int text_width(TextRole role, std::string_view text);
std::string fitted(TextRole role, std::string_view text, int width);
int font_size(TextRole role);

}  // namespace caisson::inspect
