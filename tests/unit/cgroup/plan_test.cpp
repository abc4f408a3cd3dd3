#include "cgroup/plan.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cgroup/directory.hpp"

namespace caisson::cgroup {
namespace {

CgroupFacts v2_facts(std::string own) { return {.mode = Mode::V2, .v2 = {"/sys/fs/cgroup", "", std::move(own)}, .v1 = {}}; }

CgroupFacts hybrid_facts() {
  return {.mode = Mode::Hybrid,
          .v2 = {"/sys/fs/cgroup/unified", "", "/u/me"},
          .v1 = {{"/sys/fs/cgroup/memory", "memory", "/m/me"}, {"/sys/fs/cgroup/devices", "devices", "/"}}};
}

std::string v2_place(std::string_view wish, std::string own) {
  return plan_cgroup({.cgroups_path = wish, .container_id = "web"}, v2_facts(std::move(own))).v2->directory();
}

std::string message_of(const CgroupWish& wish, const CgroupFacts& facts) {
  try {
    static_cast<void>(plan_cgroup(wish, facts));
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST(CgroupPlan, PutsAnAbsolutePathBelowTheMountPoint) {
  EXPECT_EQ(v2_place("/docker/abc", "/user.slice/x"), "/sys/fs/cgroup/docker/abc");
}

TEST(CgroupPlan, PutsAnEmptyPathBesideTheOwnCgroupOnV2) {
  EXPECT_EQ(v2_place("", "/user.slice/session-1.scope"), "/sys/fs/cgroup/user.slice/web");
  EXPECT_EQ(v2_place("", "/top"), "/sys/fs/cgroup/web");
  EXPECT_EQ(v2_place("", "/"), "/sys/fs/cgroup/web");
}

TEST(CgroupPlan, PutsARelativePathBelowTheParentOfTheOwnCgroupOnV2) {
  EXPECT_EQ(v2_place("group/abc", "/a/b"), "/sys/fs/cgroup/a/group/abc");
}

TEST(CgroupPlan, CleansDotsWithoutLeavingTheBase) {
  EXPECT_EQ(v2_place("/a/../../../b/./c//d", "/"), "/sys/fs/cgroup/b/c/d");
  EXPECT_EQ(v2_place("../../x", "/a/b/c"), "/sys/fs/cgroup/a/b/x");
}

TEST(CgroupPlan, TakesTheSystemdFormAsAPathWithoutTheSystemdDriver) {
  EXPECT_EQ(v2_place("system.slice:runc:abc", "/"), "/sys/fs/cgroup/system.slice:runc:abc");
  EXPECT_EQ(
      message_of({.cgroups_path = "system.slice:runc:abc", .container_id = "web", .driver = Driver::Systemd}, v2_facts("/")),
      "the systemd cgroup driver comes with a later release");
}

TEST(CgroupPlan, UsesEveryHierarchyOfAHybridMachine) {
  const CgroupPlan plan = plan_cgroup({.cgroups_path = "", .container_id = "web"}, hybrid_facts());
  const auto places = plan.places();
  ASSERT_EQ(places.size(), 3U);
  EXPECT_EQ(places[0].directory(), "/sys/fs/cgroup/unified/u/me/web");
  EXPECT_EQ(places[1].directory(), "/sys/fs/cgroup/memory/m/me/web");
  EXPECT_EQ(places[2].directory(), "/sys/fs/cgroup/devices/web");
  EXPECT_TRUE(plan.device_program.empty());
  EXPECT_EQ(plan.device_writes.front().line, "a");
}

TEST(CgroupPlan, LimitsDevicesByProgramOnPureV2) {
  const CgroupPlan plan = plan_cgroup({.container_id = "web"}, v2_facts("/"));
  EXPECT_FALSE(plan.device_program.empty());
  EXPECT_TRUE(plan.device_writes.empty());
}

TEST(CgroupPlan, RefusesTheRootOfTheTreeAndControlCharacters) {
  EXPECT_EQ(message_of({.cgroups_path = "/..", .container_id = "web"}, v2_facts("/")),
            "linux.cgroupsPath: \"/..\" is the root of the cgroup tree");
  EXPECT_EQ(message_of({.cgroups_path = "/a\nb", .container_id = "web"}, v2_facts("/")),
            "linux.cgroupsPath: \"/a\\x0ab\" holds a newline or a NUL");
}

TEST(CgroupPlan, NeedsAHierarchyUnlessRootlessWithoutAPath) {
  EXPECT_EQ(message_of({.cgroups_path = "", .container_id = "web"}, {}), "no cgroup hierarchy is mounted");
  EXPECT_EQ(message_of({.cgroups_path = "/x", .container_id = "web", .privilege = Privilege::Rootless}, {}),
            "no cgroup hierarchy is mounted");
  EXPECT_TRUE(plan_cgroup({.container_id = "web", .privilege = Privilege::Rootless}, {}).empty());
  EXPECT_TRUE(plan_cgroup({.container_id = "web", .driver = Driver::Disabled}, {}).empty());
}

TEST(CgroupPlan, IgnoresRefusalsOnlyWhereARootlessUserAskedForNothing) {
  const auto rootless = [](std::string_view path) {
    return plan_cgroup({.cgroups_path = path, .container_id = "web", .privilege = Privilege::Rootless}, v2_facts("/a"));
  };
  EXPECT_TRUE(rootless("").ignore_denied);
  EXPECT_FALSE(rootless("/x").ignore_denied);
  EXPECT_TRUE(rootless("/x").ignore_denied_devices);
  EXPECT_FALSE(plan_cgroup({.container_id = "web"}, v2_facts("/a")).ignore_denied);
}

TEST(CgroupPlace, KnowsItsControllers) {
  const Place place{"/m", "p", "cpu,cpuacct"};
  EXPECT_TRUE(place.has_controller("cpu"));
  EXPECT_TRUE(place.has_controller("cpuacct"));
  EXPECT_FALSE(place.has_controller("cpuset"));
  EXPECT_FALSE((Place{"/m", "p", ""}).has_controller("devices"));
}

TEST(KeyedFile, FindsWholeKeysOnly) {
  constexpr std::string_view kEvents = "low 0\noom 3\noom_kill 12\nlast 7";
  EXPECT_EQ(keyed_value(kEvents, "oom_kill"), 12U);
  EXPECT_EQ(keyed_value(kEvents, "oom"), 3U);
  EXPECT_EQ(keyed_value(kEvents, "last"), 7U);
  EXPECT_EQ(keyed_value(kEvents, "kill"), 0U);
}

}  // namespace
}  // namespace caisson::cgroup
