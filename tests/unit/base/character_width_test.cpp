#include "base/character_width.hpp"

#include <gtest/gtest.h>

namespace caisson::text {
namespace {

TEST(CharacterWidth, CountsPlacesNotBytes) {
  EXPECT_EQ(columns_of("\xc3\xa9"), 1U);
  EXPECT_EQ(columns_of("\xe4\xb8\xad"), 2U);
  EXPECT_EQ(columns_of("e\xcc\x81"), 1U);
  EXPECT_EQ(columns_of("\xff\xff"), 2U);
  EXPECT_EQ(columns_of(""), 0U);
}

TEST(CharacterWidth, CutsBetweenCharacters) {
  const std::string_view text = "a\xe4\xb8\xad\xc3\xa9";
  EXPECT_EQ(cut_to_columns(text, 0), "");
  EXPECT_EQ(cut_to_columns(text, 2), "a");
  EXPECT_EQ(cut_to_columns(text, 3), "a\xe4\xb8\xad");
  EXPECT_EQ(cut_to_columns(text, 4), text);
  EXPECT_EQ(cut_to_columns("e\xcc\x81x", 1), "e\xcc\x81");
}

}  // namespace
}  // namespace caisson::text
