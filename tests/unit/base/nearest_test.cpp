#include "base/nearest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caisson::text {
namespace {

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("bundle", "bundle"), 0U);
  EXPECT_EQ(edit_distance("bundel", "bundle"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, FindsWhatWasMeant) {
  constexpr std::string_view kKnown[] = {"pid-file", "pidfd-socket", "bundle", "detach"};
  EXPECT_EQ(nearest("pidfile", kKnown), "pid-file");
  EXPECT_EQ(nearest("detahc", kKnown), "detach");
  EXPECT_EQ(nearest("pidfd", kKnown), "pidfd-socket");
  EXPECT_EQ(nearest("bun", kKnown), "bundle");
}

TEST(Nearest, IsSilentWhenNothingIsNear) {
  constexpr std::string_view kKnown[] = {"pid-file", "pidfd-socket", "a"};
  EXPECT_EQ(nearest("memory", kKnown), "");
  EXPECT_EQ(nearest("pi", kKnown), "");
  EXPECT_EQ(nearest("", kKnown), "");
  EXPECT_EQ(nearest("x", kKnown), "");
  EXPECT_EQ(nearest(std::string(5000, 'p'), kKnown), "");
}

}  // namespace
}  // namespace caisson::text
