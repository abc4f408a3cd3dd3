#include <gtest/gtest.h>

#include <algorithm>

#include "base/character_width.hpp"
#include "inspect/map_dot.hpp"
#include "inspect/map_html.hpp"
#include "inspect/map_svg.hpp"
#include "inspect/map_text.hpp"
#include "json/document.hpp"
#include "unit/inspect/made_up_machine.hpp"

namespace caisson::inspect {
namespace {

constexpr const char* kHostile = "</script><script>alert(1)</script>&\"'\x1b[2J\xff<!--]]>\\";

Map hostile_map() {
  test::MadeUpMachine made;
  const int bridge = made.add_bridge(kHostile, "10.0.0.1");
  made.add_container(std::string("docker:") + kHostile, kHostile, bridge);
  NamespaceEntry& held = made.entry(ns::Type::Network, made.fresh());
  held.names = {std::string("pin:") + kHostile};
  held.holders = {{.how = HeldBy::Mount, .pid = 1, .path = kHostile}};
  return made.map({.host = "a<b>&\"c"});
}

// Every tag is closed in its order, nothing else has a '<', every '&' begins one of the five entities.
void expect_well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
    const std::size_t end = xml.find('>', at);
    ASSERT_NE(end, std::string::npos);
    const std::string tag = xml.substr(at + 1, end - at - 1), name = tag.substr(0, tag.find_first_of(" \n/", 1));
    if (tag.starts_with('?') || tag.ends_with('/')) continue;
    if (!tag.starts_with('/')) {
      open.push_back(name);
      continue;
    }
    ASSERT_FALSE(open.empty());
    ASSERT_EQ("/" + open.back(), tag);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
  for (std::size_t at = xml.find('&'); at != std::string::npos; at = xml.find('&', at + 1)) {
    const std::string entity = xml.substr(at, xml.find(';', at) - at + 1);
    EXPECT_TRUE(entity == "&amp;" || entity == "&lt;" || entity == "&gt;" || entity == "&quot;" || entity == "&#39;") << entity;
  }
}

bool has_control_character(const std::string& text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

std::size_t count(std::string_view whole, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = whole.find(part); at != std::string_view::npos; at = whole.find(part, at + 1)) ++found;
  return found;
}

TEST(MapAsSvg, IsWellFormedAtAnySizeAndWithHostileNames) {
  for (const int containers : {0, 1, 10, 200}) expect_well_formed(map_svg(test::busy_machine(containers).map()));
  const std::string svg = map_svg(hostile_map());
  expect_well_formed(svg);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_FALSE(has_control_character(svg));
}

TEST(MapAsSvg, HasATooltipForEachCardFrameAndWire) {
  const Map map = test::busy_machine(10).map();
  const std::string svg = map_svg(map);
  EXPECT_EQ(count(svg, "<title>"), 1 + map.cards.size() + map.boxes.size() + map.wires.size());
  for (const MapCard& card : map.cards)
    EXPECT_NE(svg.find("<title>" + xml_escaped(card.name) + " ("), std::string::npos) << card.name;
  EXPECT_NE(svg.find("2026-01-02 03:04:05 UTC"), std::string::npos);
  for (const char* elsewhere : {"href", "url(", "@import", "<script", "<image"})
    EXPECT_EQ(svg.find(elsewhere), std::string::npos);
}

TEST(MapAsHtml, HasItsDataAsJsonThatNothingCanEnd) {
  const Map map = hostile_map();
  const std::string page = map_html(map);
  EXPECT_EQ(count(page, "</script>"), 2U);
  EXPECT_EQ(count(page, "<!--"), 0U);
  EXPECT_FALSE(has_control_character(map_json(map)));
  const json::Document document(map_json(map));
  EXPECT_EQ(document.root()["host"].text(), "a<b>&\"c");
  EXPECT_EQ(page.find("src="), std::string::npos);
  EXPECT_EQ(page.find("url("), std::string::npos);
}

TEST(MapAsDot, QuotesWhatWouldEndALabel) {
  const std::string dot = map_dot(hostile_map());
  EXPECT_TRUE(dot.starts_with("graph namespaces {"));
  EXPECT_TRUE(dot.ends_with("}\n"));
  EXPECT_FALSE(has_control_character(dot));
  for (std::size_t begin = 0, end = dot.find('\n'); end != std::string::npos; begin = end + 1, end = dot.find('\n', begin)) {
    bool inside = false;  // a quoted text ends on the line where it began
    for (std::size_t i = begin; i < end; ++i) {
      if (inside && dot[i] == '\\')
        ++i;
      else if (dot[i] == '"')
        inside = !inside;
    }
    EXPECT_FALSE(inside) << dot.substr(begin, end - begin);
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string_view line : text::split(text, '\n')) lines.emplace_back(line);
  return lines;
}

TEST(MapAsText, NeverLeavesTheWidthAndClosesItsBoxes) {
  for (const int containers : {1, 10, 200})
    for (const std::size_t width : {24U, 40U, 80U, 81U, 200U})
      for (const Letters letters : {Letters::Unicode, Letters::Ascii}) {
        const std::string drawn = map_text(test::busy_machine(containers).map(), width, letters);
        for (const std::string& line : lines_of(drawn)) EXPECT_LE(text::columns_of(line), width) << line;
        if (letters == Letters::Unicode) {
          EXPECT_EQ(count(drawn, "┌"), count(drawn, "┘"));
          EXPECT_EQ(count(drawn, "╔"), count(drawn, "╝"));
          EXPECT_GT(count(drawn, "┌"), static_cast<std::size_t>(containers));
        } else {
          EXPECT_TRUE(std::ranges::all_of(drawn, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
        }
      }
}

TEST(MapAsText, HasBordersBelowEachOther) {
  for (const std::string& line : lines_of(map_text(test::busy_machine(10).map(), 80, Letters::Unicode)))
    if (line.starts_with("║") || line.starts_with("╔") || line.starts_with("╚")) EXPECT_EQ(text::columns_of(line), 80U) << line;
}

TEST(MapAsText, CountsWideCharacters) {
  test::MadeUpMachine made;
  made.add_container("docker:日本語コンテナ", "サーバー --名前 データベース", made.add_bridge("ブリッジ", "10.0.0.1"));
  for (const std::size_t width : {40U, 41U, 80U})
    for (const std::string& line : lines_of(map_text(made.map(), width, Letters::Unicode)))
      if (line.starts_with("║")) EXPECT_EQ(text::columns_of(line), width) << line;
}

TEST(MapAsText, NamesTheWireBehindADeviceEvenWhenThereIsLittleRoom) {
  const std::string drawn = map_text(test::busy_machine(1).map(), 40, Letters::Ascii);
  EXPECT_NE(drawn.find("> docker0"), std::string::npos);
}

TEST(MapAsText, EndsFramesWhereTheWidthEnds) {
  test::MadeUpMachine made;
  NamespaceInodes inodes = made.host();
  for (int depth = 0; depth < 32; ++depth) {
    const std::uint64_t outer = inodes[test::MadeUpMachine::user()];
    inodes = made.with_own(inodes, {ns::Type::User});
    made.entry(ns::Type::User, inodes[test::MadeUpMachine::user()]).parent = outer;
    made.add_process(text::join("level", depth), "", inodes);
  }
  const std::string drawn = map_text(made.map(), 40, Letters::Unicode);
  EXPECT_NE(drawn.find("level31"), std::string::npos);
  for (const std::string& line : lines_of(drawn)) EXPECT_LE(text::columns_of(line), 40U);
}

}  // namespace
}  // namespace caisson::inspect
