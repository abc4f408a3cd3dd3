#include "base/text.hpp"

#include <gtest/gtest.h>

namespace caisson::text {
namespace {

TEST(CleanPath, LeavesACleanPathAlone) {
  for (const char* path : {"/", "/a", "/a/b.c/..d", "a", "a/b", "...", ".a", "..", "../..", "../../a"})
    EXPECT_EQ(clean_path(path), path);
}

TEST(CleanPath, TakesAwayWhatLeadsNowhere) {
  EXPECT_EQ(clean_path("//proc"), "/proc");
  EXPECT_EQ(clean_path("/a//b/./c/"), "/a/b/c");
  EXPECT_EQ(clean_path("./a/."), "a");
  EXPECT_EQ(clean_path("///"), "/");
  EXPECT_EQ(clean_path("/."), "/");
}

TEST(CleanPath, GoesUpByName) {
  EXPECT_EQ(clean_path("/a/b/../c"), "/a/c");
  EXPECT_EQ(clean_path("/a/.."), "/");
  EXPECT_EQ(clean_path("/ab/cd/../.."), "/");
  EXPECT_EQ(clean_path("a/b/.."), "a");
  EXPECT_EQ(clean_path("a/../b"), "b");
}

TEST(CleanPath, CannotGoAboveTheRoot) {
  EXPECT_EQ(clean_path("/.."), "/");
  EXPECT_EQ(clean_path("/../../a"), "/a");
  EXPECT_EQ(clean_path("/a/../../b"), "/b");
}

TEST(CleanPath, KeepsWhatGoesAboveARelativePath) {
  EXPECT_EQ(clean_path("a/../.."), "..");
  EXPECT_EQ(clean_path("../a/.."), "..");
  EXPECT_EQ(clean_path("../a/../../b"), "../../b");
  EXPECT_EQ(clean_path("./../a"), "../a");
}

TEST(CleanPath, NamesTheDirectoryItselfWhenNothingIsLeft) {
  EXPECT_EQ(clean_path(""), ".");
  EXPECT_EQ(clean_path("."), ".");
  EXPECT_EQ(clean_path("a/.."), ".");
}

}  // namespace
}  // namespace caisson::text
