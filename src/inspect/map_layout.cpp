#include "inspect/map_layout.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "inspect/map_card_face.hpp"
#include "inspect/map_rows.hpp"

namespace caisson::inspect {
namespace {

constexpr int kMargin = 20, kTrunkStep = 9, kTrackStep = 13, kChannelPad = 8;
constexpr int kHeadingHeight = 40, kNoteHeight = 18, kLegendHeight = 30;
constexpr int kRowFrameBottom = 8;

class Placer {
 public:
  Placer(const Map& map, const CardRows& rows, const WireRoutes& routes) : map_(map), rows_(rows), routes_(routes) {
    for (std::size_t i = 0; i < map.cards.size(); ++i) faces_.push_back(face_of(map, i));
    left_ = kMargin;
    if (routes.trunk_count > 0) left_ += routes.trunk_count * kTrunkStep + routes.label_width + 24;
    for (std::size_t i = 0; i < map.wires.size(); ++i) picture_.wires.push_back({.wire = i});
    trunks_.resize(map.wires.size(), {.y1 = -1});
  }

  Picture place() {
    picture_.width = left_ + rows_.width + kMargin;
    place_heading();
    for (const LayoutLine& line : rows_.lines) place(line);
    place_trunks();
    std::ranges::stable_sort(picture_.frames, {}, &PlacedFrame::depth);
    std::erase_if(picture_.wires, [](const PlacedWire& wire) { return wire.lines.empty(); });
    picture_.height = y_ + kMargin;
    return std::move(picture_);
  }

 private:
  void place_heading() {
    const auto put = [&](TextRole role, const std::string& text) {
      const int width = picture_.width - 2 * kMargin;
      const int height = role == TextRole::Heading ? kHeadingHeight : kNoteHeight;
      picture_.texts.push_back({role,
                                kMargin,
                                y_ + height - (role == TextRole::Heading ? 12 : 5),
                                fitted(role, text, width),
                                {kMargin, y_, width, height}});
      y_ += height;
    };
    y_ = 8;
    put(TextRole::Heading, "Namespaces of " + (map_.host.empty() ? std::string("this machine") : map_.host));
    if (!map_.when.empty()) put(TextRole::Note, map_.when);
    for (const std::string& note : map_.notes) put(TextRole::Note, note);
    picture_.legend = {kMargin, y_, picture_.width - 2 * kMargin, kLegendHeight};
    y_ += kLegendHeight + 8;
  }

  void place(const LayoutLine& line) {
    switch (line.what) {
      case LayoutLine::What::Open:
        return open(line);
      case LayoutLine::What::Host:
        return place_host(line);
      case LayoutLine::What::Row:
        return place_row(rows_.rows[line.row], routes_.channels[line.row]);
      case LayoutLine::What::Close:
        return close();
    }
  }

  PlacedFrame frame(std::size_t box, int depth, Rect area) const {
    PlacedFrame placed{.box = box, .depth = depth, .area = area};
    std::string words = map_.boxes[box].label;
    if (!map_.boxes[box].detail.empty()) words += ", " + map_.boxes[box].detail;
    placed.label = {TextRole::FrameLabel, area.x + 10, area.y + 15, fitted(TextRole::FrameLabel, words, area.width - 20), area};
    return placed;
  }

  void open(const LayoutLine& line) {
    open_.push_back(picture_.frames.size());
    open_depth_ = line.depth;
    picture_.frames.push_back(frame(line.box, line.depth, {left_ + line.x, y_, line.right - line.x, 0}));
    y_ += kFrameTitle + 4;
  }

  void close() {
    y_ += 4;
    Rect& area = picture_.frames[open_.back()].area;
    area.height = y_ - area.y;
    picture_.frames[open_.back()].label.within = area;
    open_.pop_back();
    open_depth_ = static_cast<int>(open_.size()) - 1;
    y_ += 10;
  }

  void place_host(const LayoutLine& line) {
    const Rect area{left_ + line.x, y_, line.right - line.x, card_height(faces_.front())};
    picture_.cards.push_back(place_card(map_, 0, faces_.front(), area));
    for (const PlacedPort& port : picture_.cards.back().ports)
      if (routes_.trunks[port.wire] >= 0) {
        const int y = port.mark.y + port.mark.height / 2, x = trunk_x(port.wire);
        picture_.wires[port.wire].lines.push_back({x, y, port.mark.x, y});
        reach(port.wire, y);
      }
    y_ = area.bottom() + 14;
  }

  void place_row(const CardRow& row, const WireChannel& channel) {
    int height = 0;
    for (const CardCell& cell : row.cells) height = std::max(height, card_height(faces_[cell.card]));
    const int top = y_ + row.deepest * kFrameTitle;
    const int bottom = top + height;
    for (const RowFrame& one : row.frames) {
      const int inside = one.inner + 1;
      const Rect area{left_ + one.x, top - inside * kFrameTitle, one.right - one.x,
                      height + inside * (kFrameTitle + kRowFrameBottom)};
      picture_.frames.push_back(frame(one.box, open_depth_ + 1 + one.depth, area));
    }
    for (const CardCell& cell : row.cells)
      picture_.cards.push_back(place_card(map_, cell.card, faces_[cell.card], {left_ + cell.x, top, kCardWidth, height}));
    const int channel_top = bottom + row.deepest * kRowFrameBottom + kChannelPad;
    for (const WireTrack& track : channel.tracks) place_track(track, bottom, channel_top + track.number * kTrackStep + 2);
    y_ = channel_top + channel.count * kTrackStep + kChannelPad;
  }

  void place_track(const WireTrack& track, int card_bottom, int y) {
    PlacedWire& wire = picture_.wires[track.wire];
    const bool has_trunk = routes_.trunks[track.wire] >= 0;
    const int begin = has_trunk ? trunk_x(track.wire) : left_ + track.left;
    if (has_trunk || track.left != track.right) wire.lines.push_back({begin, y, left_ + track.right, y});
    for (const WirePin& pin : track.pins) {
      wire.lines.push_back({left_ + pin.x, card_bottom, left_ + pin.x, y});
      wire.joints.push_back({left_ + pin.x, y, 0, 0});
    }
    if (!has_trunk) return;
    reach(track.wire, y);
    const int label_x = kMargin + routes_.trunk_count * kTrunkStep + 6;
    const Rect within{label_x, y - kTrackStep / 2, routes_.label_width + 4, kTrackStep};
    wire.labels.push_back({TextRole::WireLabel, label_x + 2, y + 4,
                           fitted(TextRole::WireLabel, map_.wires[track.wire].name, routes_.label_width), within});
  }

  int trunk_x(std::size_t wire) const { return kMargin + routes_.trunks[wire] * kTrunkStep + 4; }
  void reach(std::size_t wire, int y) {
    Segment& trunk = trunks_[wire];
    if (trunk.y1 < 0) trunk.y1 = y;
    trunk.y2 = y;
  }
  void place_trunks() {
    for (std::size_t i = 0; i < trunks_.size(); ++i)
      if (routes_.trunks[i] >= 0 && trunks_[i].y1 >= 0 && trunks_[i].y2 > trunks_[i].y1)
        picture_.wires[i].lines.push_back({trunk_x(i), trunks_[i].y1, trunk_x(i), trunks_[i].y2});
  }

  const Map& map_;
  const CardRows& rows_;
  const WireRoutes& routes_;
  std::vector<CardFace> faces_;
  std::vector<Segment> trunks_;
  std::vector<std::size_t> open_;
  int open_depth_ = 0, left_ = 0, y_ = 0;
  Picture picture_;
};

}  // namespace

Picture lay_out(const Map& map) {
  const CardRows rows = make_rows(map);
  const WireRoutes routes = make_routes(map, rows);
  return Placer(map, rows, routes).place();
}

}  // namespace caisson::inspect
