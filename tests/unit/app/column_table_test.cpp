#include "app/column_table.hpp"

#include <gtest/gtest.h>

namespace caisson::app {
namespace {

ColumnTable small() {
  return {.columns = {{.name = "NS", .right = true, .number = true},
                      {.name = "USER"},
                      {.name = "COMMAND", .may_cut = true, .tree = true}},
          .rows = {{{"7", "root", "init"}, TableRow::kNoParent},
                   {{"12345", "", "sh -c x"}, 0},
                   {{"8", "a", "sleep"}, 1},
                   {{"9", "b", "cat"}, 0}}};
}

TEST(ColumnTables, PadColumnsAndDrawTheTree) {
  EXPECT_EQ(as_columns(small(), {.characters = Characters::Utf8}),
            "   NS USER COMMAND\n"
            "    7 root init\n"
            "12345      ├─sh -c x\n"
            "    8 a    │ └─sleep\n"
            "    9 b    └─cat\n");
  EXPECT_EQ(as_columns(small(), {.headings = Headings::Hidden}),
            "    7 root init\n"
            "12345      |-sh -c x\n"
            "    8 a    | `-sleep\n"
            "    9 b    `-cat\n");
}

TEST(ColumnTables, AreCutToTheTerminalWhereTheyMayBe) {
  EXPECT_EQ(as_columns(small(), {.headings = Headings::Hidden, .characters = Characters::Utf8, .width = 18}),
            "    7 root init\n"
            "12345      ├─sh -c\n"
            "    8 a    │ └─sle\n"
            "    9 b    └─cat\n");
}

TEST(ColumnTables, GrowToTheirHintOnlyWhenTheCellsAreAsWideAsTheHeading) {
  ColumnTable table{.columns = {{.name = "TYPE", .hint = 5}, {.name = "X"}}, .rows = {{{"user", "1"}, TableRow::kNoParent}}};
  EXPECT_EQ(as_columns(table, {}), "TYPE  X\nuser  1\n");
  table.rows[0].cells[0] = "net";
  EXPECT_EQ(as_columns(table, {}), "TYPE X\nnet  1\n");
}

TEST(ColumnTables, ShowLinesOfACellBelowEachOther) {
  const ColumnTable table{.columns = {{.name = "NSFS", .by_lines = true}, {.name = "X"}},
                          .rows = {{{"/a\n/bc", "1"}, TableRow::kNoParent}}};
  EXPECT_EQ(as_columns(table, {}), "NSFS X\n/a   1\n/bc  \n");
}

TEST(ColumnTables, EscapeWhatCouldMoveTheCursor) {
  EXPECT_EQ(printable_text("a\033[2J\n\t", Characters::Utf8), "a\\x1b[2J\\x0a\\x09");
  EXPECT_EQ(printable_text("\xc3\xa9\xff", Characters::Utf8), "\xc3\xa9\\xff");
  EXPECT_EQ(printable_text("\xc3\xa9", Characters::Ascii), "\\xc3\\xa9");
  EXPECT_EQ(printable_text("\xc2\x9b\xe2\x80\xae", Characters::Utf8), "\\xc2\\x9b\\xe2\\x80\\xae");
  EXPECT_EQ(printable_text("a\\b\\x41", Characters::Utf8), "a\\b\\x5cx41");
}

TEST(ColumnTables, RawCellsHoldNoBlanks) {
  EXPECT_EQ(as_raw(small(), {.characters = Characters::Utf8}),
            "NS USER COMMAND\n7 root init\n12345  \\xe2\\x94\\x9c\\xe2\\x94\\x80sh\\x20-c\\x20x\n"
            "8 a \\xe2\\x94\\x82\\x20\\xe2\\x94\\x94\\xe2\\x94\\x80sleep\n9 b \\xe2\\x94\\x94\\xe2\\x94\\x80cat\n");
}

TEST(ColumnTables, NestChildrenInJson) {
  const ColumnTable table{.columns = {{.name = "NS", .number = true}, {.name = "USER", .tree = true}},
                          .rows = {{{"7", "root"}, TableRow::kNoParent}, {{"8", ""}, 0}}};
  const NamedTable named[] = {{"namespaces", &table}};
  std::string flat = as_json(named);
  std::erase_if(flat, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_EQ(flat, R"({"namespaces":[{"ns":7,"user":"root","children":[{"ns":8,"user":null}]}]})");
}

TEST(ColumnTables, KnowTheLocale) {
  EXPECT_EQ(characters_of_locale("", "", "C.UTF-8"), Characters::Utf8);
  EXPECT_EQ(characters_of_locale("C", "", "C.UTF-8"), Characters::Ascii);
  EXPECT_EQ(characters_of_locale("", "de_DE.utf8", "C"), Characters::Utf8);
  EXPECT_EQ(characters_of_locale("", "", ""), Characters::Ascii);
}

}  // namespace
}  // namespace caisson::app
