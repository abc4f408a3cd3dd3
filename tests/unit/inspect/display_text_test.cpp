#include "inspect/display_text.hpp"

#include <gtest/gtest.h>

#include "base/character_width.hpp"

namespace caisson::inspect {
namespace {

TEST(DisplayedText, HasNothingThatMovesACursorOrTurnsTheLine) {
  EXPECT_EQ(displayable("plain – ünïcode 字"), "plain – ünïcode 字");
  EXPECT_EQ(displayable(std::string_view("a\0b\x1b[2J\x7f\n", 8)), "a\ufffdb\ufffd[2J\ufffd");
  EXPECT_EQ(displayable("\xc2\x9b"
                        "31m"),
            "\ufffd31m");  // C1's CSI
  EXPECT_EQ(displayable("a\u202eb\u2066c\u2028"), "a\ufffdb\ufffdc\ufffd");
  EXPECT_EQ(displayable("\xff\xc3"), "\ufffd\ufffd");
}

TEST(DisplayedText, IsCutByCharactersNotBytes) {
  EXPECT_EQ(displayable("äöüß", 4), "äöüß");
  EXPECT_EQ(displayable("äöüß", 3), "äöü…");
}

TEST(ColumnsOfText, CountWideAndCombiningCharacters) {
  EXPECT_EQ(text::columns_of("abc"), 3U);
  EXPECT_EQ(text::columns_of("日本"), 4U);
  EXPECT_EQ(text::columns_of("e\u0301"), 1U);
  EXPECT_EQ(text::columns_of("🐳"), 2U);
  EXPECT_EQ(text::columns_of("┌─┐"), 3U);
}

TEST(ColumnsOfText, AreNeverExceededByWhatIsClipped) {
  EXPECT_EQ(clipped("abcdef", 6, "…"), "abcdef");
  EXPECT_EQ(clipped("abcdef", 5, "…"), "abcd…");
  EXPECT_EQ(clipped("日本語", 5, "…"), "日本…");
  EXPECT_EQ(clipped("日本語", 4, "…"), "日…");
  EXPECT_EQ(clipped("abc", 0, "…"), "");
  EXPECT_EQ(clipped("abc", 1, "~"), "~");
}

}  // namespace
}  // namespace caisson::inspect
