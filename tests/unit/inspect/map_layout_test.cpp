#include "inspect/map_layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/inspect/made_up_machine.hpp"

namespace caisson::inspect {
namespace {

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}
bool within(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() && inner.bottom() <= outer.bottom();
}

Rect area_of(const PlacedText& text) {
  const int width = text_width(text.role, text.text), height = font_size(text.role);
  return {text.role == TextRole::CardTag ? text.x - width : text.x, text.y - height, width, height + height / 4};
}

std::vector<PlacedText> all_texts(const Picture& picture) {
  std::vector<PlacedText> all = picture.texts;
  for (const PlacedFrame& frame : picture.frames) all.push_back(frame.label);
  for (const PlacedCard& card : picture.cards) all.insert(all.end(), card.texts.begin(), card.texts.end());
  for (const PlacedWire& wire : picture.wires) all.insert(all.end(), wire.labels.begin(), wire.labels.end());
  return all;
}

Map map_of(int containers) { return test::busy_machine(containers).map(); }

class LayoutOfAMap : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Containers, LayoutOfAMap, testing::Values(0, 1, 10, 47, 200));

TEST_P(LayoutOfAMap, PlacesEveryCardAndFrameOnce) {
  const Map map = map_of(GetParam());
  const Picture picture = lay_out(map);
  std::vector<std::size_t> cards, boxes;
  for (const PlacedCard& card : picture.cards) cards.push_back(card.card);
  for (const PlacedFrame& frame : picture.frames) boxes.push_back(frame.box);
  std::ranges::sort(cards);
  std::ranges::sort(boxes);
  for (std::size_t i = 0; i < map.cards.size(); ++i) EXPECT_EQ(cards.at(i), i);
  for (std::size_t i = 0; i < map.boxes.size(); ++i) EXPECT_EQ(boxes.at(i), i);
  EXPECT_EQ(cards.size(), map.cards.size());
  EXPECT_EQ(boxes.size(), map.boxes.size());
}

TEST_P(LayoutOfAMap, HasNoCardsOnEachOtherAndEachInItsFrame) {
  const Map map = map_of(GetParam());
  const Picture picture = lay_out(map);
  for (std::size_t i = 0; i < picture.cards.size(); ++i)
    for (std::size_t j = i + 1; j < picture.cards.size(); ++j)
      EXPECT_FALSE(overlap(picture.cards[i].area, picture.cards[j].area)) << i << ' ' << j;
  std::vector<Rect> frames(map.boxes.size());
  for (const PlacedFrame& frame : picture.frames) frames[frame.box] = frame.area;
  for (const PlacedCard& card : picture.cards) {
    std::vector<std::size_t> around;
    for (std::size_t box = map.cards[card.card].box; box != kNone; box = map.boxes[box].parent) around.push_back(box);
    for (std::size_t box = 0; box < frames.size(); ++box) {
      const bool belongs = std::ranges::find(around, box) != around.end();
      EXPECT_EQ(overlap(card.area, frames[box]), belongs) << map.cards[card.card].name;
      if (belongs) EXPECT_TRUE(within(card.area, frames[box])) << map.cards[card.card].name;
    }
  }
}

TEST_P(LayoutOfAMap, KeepsFramesApartOrInsideEachOther) {
  const Map map = map_of(GetParam());
  const Picture picture = lay_out(map);
  for (const PlacedFrame& a : picture.frames)
    for (const PlacedFrame& b : picture.frames)
      if (a.box < b.box) {
        bool inside = false;
        for (std::size_t box = b.box; box != kNone; box = map.boxes[box].parent) inside = inside || box == a.box;
        EXPECT_EQ(overlap(a.area, b.area), inside);
        if (inside) EXPECT_TRUE(within(b.area, a.area));
      }
}

TEST_P(LayoutOfAMap, HasEveryTextInsideItsPlaceAndNoneOnAnother) {
  const Picture picture = lay_out(map_of(GetParam()));
  const Rect whole{0, 0, picture.width, picture.height};
  const std::vector<PlacedText> texts = all_texts(picture);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_TRUE(within(area_of(texts[i]), texts[i].within)) << texts[i].text;
    EXPECT_TRUE(within(texts[i].within, whole)) << texts[i].text;
    for (std::size_t j = i + 1; j < texts.size(); ++j)
      EXPECT_FALSE(overlap(area_of(texts[i]), area_of(texts[j]))) << texts[i].text << " | " << texts[j].text;
  }
}

TEST_P(LayoutOfAMap, LeadsNoWireOverACardOrALabelOfAFrame) {
  const Picture picture = lay_out(map_of(GetParam()));
  for (const PlacedWire& wire : picture.wires)
    for (const Segment& line : wire.lines) {
      const Rect area{std::min(line.x1, line.x2), std::min(line.y1, line.y2), std::abs(line.x2 - line.x1) + 1,
                      std::abs(line.y2 - line.y1) + 1};
      EXPECT_TRUE(line.x1 == line.x2 || line.y1 == line.y2);
      EXPECT_TRUE(within(area, {0, 0, picture.width, picture.height}));
      for (const PlacedCard& card : picture.cards)
        if (card.card != 0) EXPECT_FALSE(overlap(area, card.area));
      for (const PlacedFrame& frame : picture.frames) EXPECT_FALSE(overlap(area, area_of(frame.label))) << frame.label.text;
    }
}

TEST_P(LayoutOfAMap, PutsNoTwoWiresOnOneTrack) {
  const Picture picture = lay_out(map_of(GetParam()));
  const auto on_one = [](const Segment& a, const Segment& b) {
    const bool level = a.y1 == a.y2 && b.y1 == b.y2 && a.y1 == b.y1;
    const bool upright = a.x1 == a.x2 && b.x1 == b.x2 && a.x1 == b.x1;
    if (level) return std::min(a.x1, a.x2) <= std::max(b.x1, b.x2) && std::min(b.x1, b.x2) <= std::max(a.x1, a.x2);
    if (upright) return std::min(a.y1, a.y2) <= std::max(b.y1, b.y2) && std::min(b.y1, b.y2) <= std::max(a.y1, a.y2);
    return false;
  };
  for (std::size_t i = 0; i < picture.wires.size(); ++i)
    for (std::size_t j = i + 1; j < picture.wires.size(); ++j)
      for (const Segment& a : picture.wires[i].lines)
        for (const Segment& b : picture.wires[j].lines) EXPECT_FALSE(on_one(a, b));
}

TEST_P(LayoutOfAMap, ConnectsEveryEndOfEveryWire) {
  const Map map = map_of(GetParam());
  const Picture picture = lay_out(map);
  EXPECT_EQ(picture.wires.size(), map.wires.size());
  for (const PlacedWire& placed : picture.wires)
    for (const WireEnd& end : map.wires[placed.wire].ends) {
      const auto card = std::ranges::find(picture.cards, end.card, &PlacedCard::card);
      ASSERT_NE(card, picture.cards.end());
      EXPECT_TRUE(std::ranges::any_of(placed.lines, [&](const Segment& line) {
        return line.x1 == line.x2 && line.y1 == card->area.bottom() && line.x1 > card->area.x && line.x1 < card->area.right();
      })) << map.cards[end.card].name;
    }
}

TEST(TextInAPicture, IsCutToItsWidthAndNeverBroken) {
  EXPECT_EQ(fitted(TextRole::CardLine, "short", 200), "short");
  for (const int width : {20, 50, 90}) {
    const std::string cut = fitted(TextRole::CardLine, "日本語 and a long text – with more", width);
    EXPECT_LE(text_width(TextRole::CardLine, cut), width);
    EXPECT_TRUE(cut.ends_with("…"));
  }
}

}  // namespace
}  // namespace caisson::inspect
