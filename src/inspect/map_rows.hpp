// The stages of lay_out(): which cards stand beside each other, and which tracks the wires take. No heights yet.
#pragma once

#include <vector>

#include "inspect/map_layout.hpp"

namespace caisson::inspect {

inline constexpr int kCardWidth = 236, kCardGap = 14, kFramePad = 12, kFrameTitle = 22;

struct CardCell {
  std::size_t card = 0;
  int x = 0;
};
// A frame that stands in one row: around cells and other such frames.
struct RowFrame {
  std::size_t box = 0;
  int x = 0, right = 0;
  int inner = 0;  // how many frames deep it is inside
  int depth = 0;  // how many frames are around it
};
struct CardRow {
  std::vector<CardCell> cells;
  std::vector<RowFrame> frames;
  int deepest = 0;  // frames around a cell, at most
};
// Top to bottom: a frame begins, a row of cards, the host's panel, a frame ends.
struct LayoutLine {
  enum class What : std::uint8_t { Open, Host, Row, Close } what = What::Row;
  std::size_t box = 0;
  int x = 0, right = 0, depth = 0;
  std::size_t row = 0;
};
struct CardRows {
  std::vector<LayoutLine> lines;
  std::vector<CardRow> rows;
  int width = 0;
};
CardRows make_rows(const Map& map);

struct WirePin {
  std::size_t wire = 0;
  int x = 0;
  std::size_t card = 0;
};
// Of the wire under one row.
struct WireTrack {
  std::size_t wire = 0;
  int number = 0;
  int left = 0, right = 0;  // of its pins
  std::vector<WirePin> pins;
};
struct WireChannel {
  std::vector<WireTrack> tracks;
  int count = 0;
};
struct WireRoutes {
  std::vector<WireChannel> channels;  // by row
  std::vector<int> trunks;            // by wire: its track in the gutter; -1: it needs none
  int trunk_count = 0;
  int label_width = 0;  // beside the trunks
};
WireRoutes make_routes(const Map& map, const CardRows& rows);

// Wires that begin in the host's panel, in the order of their bars.
std::vector<std::size_t> wires_of_host(const Map& map);

}  // namespace caisson::inspect
