#include "ns/id_ranges.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/text.hpp"

namespace caisson::ns {
namespace {

std::string words(const std::vector<spec::IdMapping>& map) {
  std::string all;
  for (const spec::IdMapping& line : map)
    all += text::join(all.empty() ? "" : " ", line.container_id, ':', line.host_id, ':', line.size);
  return all;
}

IdRangeWish written(std::uint32_t inside, std::uint32_t outside, std::uint32_t count) {
  return {.map = {inside, outside, count}};
}
IdRangeWish from_zero(std::uint32_t outside, std::uint32_t count) {
  return {.map = {0, outside, count}, .inside = InsideIds::MoveUp};
}

TEST(IdRanges, AreReadInBothForms) {
  const auto colons = parse_id_range("0:100000:65536");
  ASSERT_TRUE(colons);
  EXPECT_EQ(words({*colons}), "0:100000:65536");
  const auto commas = parse_id_range("100000,0,65536");
  ASSERT_TRUE(commas);
  EXPECT_EQ(words({*commas}), "0:100000:65536");
}

TEST(IdRanges, AreRefusedWhenAnythingElseIsWritten) {
  for (const char* text :
       {"", "1", "1:2", "1:2:3:4", "1,2:3", "a:b:c", "-1:0:1", "+1:0:1", " 1:0:1", "1:0:1 ", "0:0:4294967296", "::"})
    EXPECT_FALSE(parse_id_range(text)) << text;
}

TEST(IdRanges, StayAsTheyAreWithoutASingleId) {
  EXPECT_EQ(words(map_of_ranges({written(0, 100000, 1000), written(2000, 200000, 5)}, std::nullopt)),
            "0:100000:1000 2000:200000:5");
}

TEST(IdRanges, LoseTheirLastIdToASingleIdWithin) {
  EXPECT_EQ(words(map_of_ranges({written(0, 100000, 1000)}, SingleId{0, 1000})), "0:1000:1 1:100000:999");
  EXPECT_EQ(words(map_of_ranges({written(0, 100000, 1000)}, SingleId{500, 1000})), "500:1000:1 0:100000:500 501:100500:499");
  EXPECT_EQ(words(map_of_ranges({written(0, 100000, 1000)}, SingleId{999, 1000})), "999:1000:1 0:100000:999");
  EXPECT_EQ(words(map_of_ranges({written(0, 100000, 1000)}, SingleId{5000, 100003})), "5000:100003:1 0:100000:3 3:100004:996");
}

TEST(IdRanges, LoseNothingToASingleIdBeside) {
  EXPECT_EQ(words(map_of_ranges({written(0, 100000, 1000)}, SingleId{1000, 1000})), "1000:1000:1 0:100000:1000");
  EXPECT_EQ(words(map_of_ranges({written(0, 100000, 1000)}, SingleId{1001, 1000})), "1001:1000:1 0:100000:1000");
  EXPECT_EQ(words(map_of_ranges({written(10, 100000, 5)}, SingleId{9, 99999})), "9:99999:1 10:100000:5");
}

TEST(IdRanges, LoseNothingToASingleIdThatTheyMapThemselves) {
  EXPECT_EQ(words(map_of_ranges({written(0, 0, 65536)}, SingleId{1000, 1000})), "1000:1000:1 0:0:1000 1001:1001:64535");
}

TEST(IdRanges, AreCutInThreeByAnIdInsideAndAnotherOutside) {
  EXPECT_EQ(words(map_of_ranges({written(0, 0, 100)}, SingleId{5, 50})), "5:50:1 0:0:5 6:5:45 51:51:49");
  EXPECT_EQ(words(map_of_ranges({written(0, 0, 100)}, SingleId{50, 5})), "50:5:1 0:0:5 5:6:45 51:51:49");
}

TEST(IdRanges, OfSubordinateIdsMoveUpAndLoseNothing) {
  EXPECT_EQ(words(map_of_ranges({from_zero(100000, 65536)}, SingleId{0, 1001})), "0:1001:1 1:100000:65536");
  EXPECT_EQ(words(map_of_ranges({from_zero(100000, 65536)}, SingleId{1001, 1001})),
            "1001:1001:1 0:100000:1001 1002:101001:64535");
  EXPECT_EQ(words(map_of_ranges({from_zero(100000, 65536)}, std::nullopt)), "0:100000:65536");
}

TEST(IdRanges, OfSubordinateIdsNeverReachBeyondTheirEndOutside) {
  EXPECT_EQ(words(map_of_ranges({from_zero(1000, 10)}, SingleId{0, 1004})), "0:1004:1 1:1000:4 5:1005:5");
}

TEST(IdRanges, AtTheEndOfTheNumbersDoNotWrapAround) {
  EXPECT_EQ(words(map_of_ranges({written(0, 4294967290U, 5)}, SingleId{2, 7})), "2:7:1 0:4294967290:2 3:4294967292:2");
  EXPECT_EQ(words(map_of_ranges({written(0, 0, 4294967295U)}, SingleId{0, 1000})), "0:1000:1 1:0:1000 1001:1001:4294966294");
}

TEST(IdRanges, WithoutIdsMapNothing) { EXPECT_EQ(words(map_of_ranges({written(0, 5, 0)}, SingleId{0, 5})), "0:5:1"); }

// By brute force: no id twice on either side, nothing outside of the range, and as many ids as can be.
TEST(IdRanges, AreCutRightForEverySmallCase) {
  constexpr std::uint32_t kInside = 10, kOutside = 100, kCount = 4;
  for (std::uint32_t inside = kInside - 2; inside < kInside + kCount + 2; ++inside) {
    for (std::uint32_t outside = kOutside - 2; outside < kOutside + kCount + 2; ++outside) {
      const auto map = map_of_ranges({written(kInside, kOutside, kCount)}, SingleId{inside, outside});
      std::map<std::uint32_t, std::uint32_t> in, out;
      std::uint32_t mapped = 0;
      for (const spec::IdMapping& line : map) {
        for (std::uint32_t i = 0; i < line.size; ++i) {
          EXPECT_TRUE(in.emplace(line.container_id + i, 0).second) << words(map);
          EXPECT_TRUE(out.emplace(line.host_id + i, 0).second) << words(map);
          ++mapped;
        }
      }
      const bool meets =
          (inside >= kInside && inside < kInside + kCount) || (outside >= kOutside && outside < kOutside + kCount);
      EXPECT_EQ(mapped, 1 + kCount - (meets ? 1 : 0)) << words(map);
      EXPECT_LE(map.size(), 4U);
      for (std::size_t i = 1; i < map.size(); ++i) {
        EXPECT_GE(map[i].container_id, kInside);
        EXPECT_LE(map[i].container_id + map[i].size, kInside + kCount);
        EXPECT_GE(map[i].host_id, kOutside);
        EXPECT_LE(map[i].host_id + map[i].size, kOutside + kCount);
      }
    }
  }
}

TEST(IdRanges, OfEveryIdAreReadFromTheKernelsTable) {
  const auto ranges = identity_of("         0     100000      65536\n     70000     300000         10\n");
  EXPECT_EQ(words(map_of_ranges(ranges, std::nullopt)), "0:0:65536 70000:70000:10");
  EXPECT_TRUE(identity_of("").empty());
}

}  // namespace
}  // namespace caisson::ns
