#include "inspect/map_rows.hpp"

#include <algorithm>
#include <cmath>

namespace caisson::inspect {
namespace {

constexpr int kFewestColumns = 4, kMostColumns = 8;

std::size_t first_wire(const MapCard& card) {
  for (const MapDevice& device : card.devices)
    if (device.wire != kNone) return device.wire;
  return kNone;
}

int rank(CardKind kind) {
  switch (kind) {
    case CardKind::Host:
      return 0;
    case CardKind::Container:
      return 1;
    case CardKind::Processes:
      return 2;
    case CardKind::Held:
      return 3;
    case CardKind::KernelThreads:
      return 4;
  }
  return 5;
}

class RowMaker {
 public:
  explicit RowMaker(const Map& map) : map_(map), natural_(map.boxes.size(), 0) {
    for (std::size_t i = map.boxes.size(); i-- > 0;) natural_[i] = natural_width(map.boxes[i]);
  }

  CardRows make(int width) {
    out_.width = width;
    open(0, 0, width, 0);
    return std::move(out_);
  }

 private:
  // In one row, with the frame itself.
  int natural_width(const MapBox& box) const {
    int width = 2 * kFramePad - kCardGap;
    for (const std::size_t card : box.cards)
      if (card != 0) width += kCardWidth + kCardGap;
    for (const std::size_t inner : box.boxes) width += natural_[inner] + kCardGap;
    return std::max(width, kCardWidth + 2 * kFramePad);
  }

  // Containers first; those on one wire beside each other, so that few rows have many tracks.
  std::vector<std::size_t> ordered_cards(const MapBox& box) const {
    std::vector<std::size_t> cards;
    for (const std::size_t card : box.cards)
      if (card != 0) cards.push_back(card);
    std::ranges::stable_sort(
        cards, {}, [&](std::size_t card) { return std::pair(rank(map_.cards[card].kind), first_wire(map_.cards[card])); });
    return cards;
  }

  void open(std::size_t number, int x, int right, int depth) {
    const MapBox& box = map_.boxes[number];
    out_.lines.push_back({.what = LayoutLine::What::Open, .box = number, .x = x, .right = right, .depth = depth});
    const int left = x + kFramePad, end = right - kFramePad;
    if (number == 0) out_.lines.push_back({.what = LayoutLine::What::Host, .x = left, .right = end});
    begin_rows(left, end);
    for (const std::size_t card : ordered_cards(box)) {
      make_room(kCardWidth);
      put_card(card);
    }
    std::vector<std::size_t> large;
    for (const std::size_t inner : box.boxes) {
      if (natural_[inner] > end - left) {
        large.push_back(inner);
        continue;
      }
      make_room(natural_[inner]);
      put_frame(inner, 1);
    }
    end_row(left, end);
    for (const std::size_t inner : large) open(inner, left, end, depth + 1);
    out_.lines.push_back({.what = LayoutLine::What::Close, .box = number, .x = x, .right = right, .depth = depth});
  }

  void begin_rows(int left, int end) {
    left_ = next_ = left;
    end_ = end;
    row_ = {};
  }
  void make_room(int width) {
    if (next_ + width > end_ && !row_.cells.empty()) end_row(left_, end_);
  }
  void end_row(int left, int end) {
    if (!row_.cells.empty()) {
      out_.lines.push_back({.what = LayoutLine::What::Row, .x = left, .right = end, .row = out_.rows.size()});
      out_.rows.push_back(std::move(row_));
    }
    row_ = {};
    next_ = left;
  }
  void put_card(std::size_t card) {
    row_.cells.push_back({card, next_});
    next_ += kCardWidth + kCardGap;
  }
  // Gives how many frames deep the row is inside it.
  int put_frame(std::size_t number, int depth) {
    const MapBox& box = map_.boxes[number];
    const std::size_t place = row_.frames.size();
    row_.frames.push_back({.box = number, .x = next_, .depth = depth - 1});
    const int begin = next_;
    next_ += kFramePad;
    int inner = 0;
    for (const std::size_t card : ordered_cards(box)) put_card(card);
    for (const std::size_t within : box.boxes) inner = std::max(inner, put_frame(within, depth + 1) + 1);
    next_ = std::max(next_ - kCardGap + kFramePad, begin + kCardWidth + 2 * kFramePad);
    row_.frames[place].right = next_;
    row_.frames[place].inner = inner;
    row_.deepest = std::max(row_.deepest, depth);
    next_ += kCardGap;
    return inner;
  }

  const Map& map_;
  std::vector<int> natural_;  // by box
  CardRows out_;
  CardRow row_;
  int left_ = 0, next_ = 0, end_ = 0;
};

}  // namespace

CardRows make_rows(const Map& map) {
  const auto cards = static_cast<double>(map.cards.size());
  const int columns = std::clamp(static_cast<int>(std::lround(std::sqrt(cards * 0.7))), kFewestColumns, kMostColumns);
  return RowMaker(map).make(columns * (kCardWidth + kCardGap) - kCardGap + 4 * kFramePad);
}

}  // namespace caisson::inspect
