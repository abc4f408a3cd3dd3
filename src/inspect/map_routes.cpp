#include <algorithm>

#include "inspect/map_rows.hpp"

namespace caisson::inspect {
namespace {

constexpr int kPinInset = 18, kPinStep = 14;
constexpr int kWidestLabel = 120;

struct Span {
  std::size_t what = 0;
  int begin = 0, end = 0;
};

// The classic left-edge way: every span on the first track whose last one ended before it. Gives the track of each.
std::vector<int> assign_tracks(std::vector<Span> spans, std::size_t things, int& count) {
  std::ranges::stable_sort(spans, {}, &Span::begin);
  std::vector<int> ends, track(things, -1);
  for (const Span& span : spans) {
    const auto free = std::ranges::find_if(ends, [&](int end) { return end < span.begin; });
    const auto number = static_cast<std::size_t>(free - ends.begin());
    if (free == ends.end()) ends.push_back(0);
    ends[number] = span.end;
    track[span.what] = static_cast<int>(number);
  }
  count = static_cast<int>(ends.size());
  return track;
}

std::vector<std::size_t> wires_of_card(const Map& map, std::size_t number) {
  std::vector<std::size_t> wires;
  const auto add = [&](std::size_t wire) {
    if (wire != kNone && std::ranges::find(wires, wire) == wires.end()) wires.push_back(wire);
  };
  for (const MapDevice& device : map.cards[number].devices) add(device.wire);
  for (std::size_t i = 0; i < map.wires.size(); ++i) {
    const MapWire& wire = map.wires[i];
    if (wire.kind != WireKind::Shared) continue;
    if (wire.home == number || std::ranges::any_of(wire.ends, [&](const WireEnd& end) { return end.card == number; })) add(i);
  }
  return wires;
}

WireChannel pins_of_row(const Map& map, const CardRow& row) {
  WireChannel channel;
  for (const CardCell& cell : row.cells) {
    int x = cell.x + kPinInset;
    for (const std::size_t wire : wires_of_card(map, cell.card)) {
      if (x > cell.x + kCardWidth - kPinInset) break;  // more wires than the card is wide: the last ones are told in words
      auto track = std::ranges::find(channel.tracks, wire, &WireTrack::wire);
      if (track == channel.tracks.end()) track = channel.tracks.insert(track, {.wire = wire, .left = x, .right = x});
      track->right = x;
      track->pins.push_back({wire, x, cell.card});
      x += kPinStep;
    }
  }
  return channel;
}

void number_tracks(WireChannel& channel, const std::vector<int>& trunks) {
  std::vector<Span> spans;
  for (std::size_t i = 0; i < channel.tracks.size(); ++i) {
    const WireTrack& track = channel.tracks[i];
    spans.push_back({i, trunks[track.wire] >= 0 ? -1 : track.left, track.right + 2});
  }
  const std::vector<int> numbers = assign_tracks(spans, channel.tracks.size(), channel.count);
  for (std::size_t i = 0; i < channel.tracks.size(); ++i) channel.tracks[i].number = numbers[i];
}

}  // namespace

std::vector<std::size_t> wires_of_host(const Map& map) {
  std::vector<std::size_t> wires;
  for (std::size_t i = 0; i < map.wires.size(); ++i) {
    const MapWire& wire = map.wires[i];
    const bool ends_there = std::ranges::any_of(wire.ends, [](const WireEnd& end) { return end.card == 0; });
    if (wire.home == 0 || ends_there) wires.push_back(i);
  }
  return wires;
}

WireRoutes make_routes(const Map& map, const CardRows& rows) {
  WireRoutes routes;
  constexpr int kHostRow = -1;
  std::vector<Span> extents(map.wires.size());
  for (std::size_t i = 0; i < extents.size(); ++i) extents[i] = {i, static_cast<int>(rows.rows.size()), kHostRow - 1};
  const auto reach = [&](std::size_t wire, int row) {
    extents[wire].begin = std::min(extents[wire].begin, row);
    extents[wire].end = std::max(extents[wire].end, row);
  };
  for (const std::size_t wire : wires_of_host(map)) reach(wire, kHostRow);
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    routes.channels.push_back(pins_of_row(map, rows.rows[row]));
    for (const WireTrack& track : routes.channels.back().tracks) reach(track.wire, static_cast<int>(row));
  }
  std::erase_if(extents, [](const Span& extent) { return extent.begin >= extent.end; });
  // A long wire stands left of a short one that begins beside it: fewer crossings.
  std::ranges::stable_sort(extents, [](const Span& a, const Span& b) { return a.end > b.end; });
  routes.trunks = assign_tracks(extents, map.wires.size(), routes.trunk_count);
  for (const Span& extent : extents)
    routes.label_width =
        std::max(routes.label_width, std::min(kWidestLabel, text_width(TextRole::WireLabel, map.wires[extent.what].name)));
  for (WireChannel& channel : routes.channels) number_tracks(channel, routes.trunks);
  return routes;
}

}  // namespace caisson::inspect
