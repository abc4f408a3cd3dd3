#include "ns/id_map.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::ns {
namespace {

using Map = std::vector<spec::IdMapping>;

MapWriter ordinary_user() {
  return {.uid = 1000, .gid = 1001, .privileged = false, .newuidmap = "/usr/bin/newuidmap", .newgidmap = "/usr/bin/newgidmap"};
}

MapWriter ordinary_user_without_programs() {
  return {.uid = 1000, .gid = 1001, .privileged = false, .newuidmap = "", .newgidmap = ""};
}

TEST(IdMaps, AreALineOfThreeNumbersEach) {
  EXPECT_EQ(map_text({}), "");
  EXPECT_EQ(map_text({{0, 1000, 1}}), "0 1000 1\n");
  EXPECT_EQ(map_text({{0, 1000, 1}, {1, 100000, 65536}, {4294967294, 4294967294, 1}}),
            "0 1000 1\n1 100000 65536\n4294967294 4294967294 1\n");
}

TEST(IdMaps, AreWrittenByAPrivilegedRuntimeItself) {
  const MapWriter root{.uid = 0, .gid = 0, .privileged = true, .newuidmap = "", .newgidmap = ""};
  const IdMapPlan plan = plan_id_maps({{0, 100000, 65536}}, {{0, 200000, 65536}}, root);
  EXPECT_EQ(plan.method, MapMethod::Write);
  EXPECT_EQ(map_text(plan.uids), "0 100000 65536\n");
  EXPECT_EQ(map_text(plan.gids), "0 200000 65536\n");
}

TEST(IdMaps, OfTheOwnIdAloneAreWrittenByAnOrdinaryUserWithSetgroupsDenied) {
  EXPECT_EQ(plan_id_maps({{0, 1000, 1}}, {{0, 1001, 1}}, ordinary_user()).method, MapMethod::WriteAndDenySetgroups);
  EXPECT_EQ(plan_id_maps({{4711, 1000, 1}}, {{0, 1001, 1}}, ordinary_user_without_programs()).method,
            MapMethod::WriteAndDenySetgroups);
}

TEST(IdMaps, OfRangesGoThroughThePrograms) {
  const IdMapPlan plan = plan_id_maps({{0, 1000, 1}, {1, 100000, 65536}}, {{0, 1001, 1}, {1, 100000, 65536}}, ordinary_user());
  EXPECT_EQ(plan.method, MapMethod::Programs);
  EXPECT_EQ(plan.newuidmap, "/usr/bin/newuidmap");
  EXPECT_EQ(plan.newgidmap, "/usr/bin/newgidmap");
}

TEST(IdMaps, OfSomebodyElsesIdGoThroughThePrograms) {
  EXPECT_EQ(plan_id_maps({{0, 1002, 1}}, {{0, 1001, 1}}, ordinary_user()).method, MapMethod::Programs);
  EXPECT_EQ(plan_id_maps({{0, 1000, 2}}, {{0, 1001, 1}}, ordinary_user()).method, MapMethod::Programs);
  EXPECT_EQ(plan_id_maps({{0, 1000, 1}}, {{0, 1001, 2}}, ordinary_user()).method, MapMethod::Programs);
  // Users by the own id and no group at all: the kernel still wants the group map written with privilege or setgroups denied.
  EXPECT_EQ(plan_id_maps({{0, 1000, 1}}, {}, ordinary_user()).method, MapMethod::Programs);
}

TEST(IdMaps, OfRangesAreRefusedWithoutThePrograms) {
  try {
    static_cast<void>(plan_id_maps({{0, 1000, 1}, {1, 100000, 65536}}, {{0, 1001, 1}}, ordinary_user_without_programs()));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Host);
    EXPECT_EQ(error.message(), "map user and group ids: newuidmap and newgidmap were not found in /usr/bin");
    EXPECT_EQ(error.hint(), "install the package uidmap, or map only your own id (one line of size 1)");
  }
}

TEST(IdMaps, OfRangesNeedBothPrograms) {
  MapWriter writer = ordinary_user();
  writer.newgidmap.clear();
  EXPECT_THROW(static_cast<void>(plan_id_maps({{0, 1, 2}}, {{0, 1, 2}}, writer)), Error);
}

TEST(IdMaps, MayBeAbsent) {
  const IdMapPlan plan = plan_id_maps({}, {}, ordinary_user_without_programs());
  EXPECT_TRUE(plan.empty());
  EXPECT_EQ(plan.method, MapMethod::Write);
}

}  // namespace
}  // namespace caisson::ns
