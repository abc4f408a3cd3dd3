#include "life/detach_keys.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::life {
namespace {

TEST(DetachKeys, TheirBeginningIsHeldBackUntilItIsClear) {
  DetachKeys keys("ctrl-p,ctrl-q");
  EXPECT_EQ(keys.feed("a\x10"), "a");
  EXPECT_EQ(keys.feed("b"),
            "\x10"
            "b");
  EXPECT_EQ(keys.feed("\x10\x10"), "\x10");
  EXPECT_FALSE(keys.came());
  EXPECT_EQ(keys.feed("\x11ls\n"), "");
  EXPECT_TRUE(keys.came());
}

TEST(DetachKeys, TheyMayBeginInTheirOwnMiddle) {
  DetachKeys keys("a,a,b");
  EXPECT_EQ(keys.feed("aaab"), "a");
  EXPECT_TRUE(keys.came());
}

TEST(DetachKeys, ThereMayBeNoneAndWrongOnesAreRefused) {
  DetachKeys none("");
  EXPECT_EQ(none.feed("\x10\x11"), "\x10\x11");
  EXPECT_FALSE(none.came());
  EXPECT_TRUE(DetachKeys("ctrl-]").feed("\x1d").empty());
  for (const char* wrong : {"ctrl-", "ctrl-pq", "ctrl-p,", ",", "ctrl-1", "xy"})
    EXPECT_THROW(DetachKeys keys(wrong), Error) << wrong;
}

}  // namespace
}  // namespace caisson::life
