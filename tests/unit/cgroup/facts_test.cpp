#include "cgroup/facts.hpp"

#include <gtest/gtest.h>

namespace caisson::cgroup {
namespace {

TEST(OwnCgroups, ReadsControllersAndPathOfEachHierarchy) {
  const auto own = parse_own_cgroups("4:memory:/a/b\n3:cpu,cpuacct:/\n1:name=systemd:/user:1.slice\n0::/x\n");
  ASSERT_EQ(own.size(), 4U);
  EXPECT_EQ(own[0].controllers, "memory");
  EXPECT_EQ(own[0].path, "/a/b");
  EXPECT_EQ(own[1].controllers, "cpu,cpuacct");
  EXPECT_EQ(own[2].path, "/user:1.slice");
  EXPECT_EQ(own[3].controllers, "");
  EXPECT_EQ(own[3].path, "/x");
}

TEST(OwnCgroups, SkipsLinesThatAreCutOff) { EXPECT_TRUE(parse_own_cgroups("4:memory\n5\n\n0::\n").empty()); }

constexpr std::string_view kHybridMounts =
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory\n"
    "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd\n"
    "41 31 0:38 / /sys/fs/cgroup/uni\\040fied rw,relatime - cgroup2 cgroup2 rw\n"
    "42 31 0:39 / /proc rw - proc proc rw\n";

TEST(CgroupMounts, ReadsV1AndV2AndEscapedPaths) {
  const auto mounts = parse_cgroup_mounts(kHybridMounts);
  ASSERT_EQ(mounts.size(), 4U);
  EXPECT_EQ(mounts[1].mount_point, "/sys/fs/cgroup/memory");
  EXPECT_FALSE(mounts[1].v2);
  EXPECT_TRUE(mounts[3].v2);
  EXPECT_EQ(mounts[3].mount_point, "/sys/fs/cgroup/uni fied");
}

TEST(CgroupFacts, AreHybridWithControllersOnBothVersions) {
  const auto facts = combine_cgroups(parse_own_cgroups("2:memory:/m\n1:name=systemd:/s\n3:cpu,cpuacct:/\n0::/u\n"),
                                     parse_cgroup_mounts(kHybridMounts));
  EXPECT_EQ(facts.mode, Mode::Hybrid);
  EXPECT_EQ(facts.v2.own, "/u");
  ASSERT_EQ(facts.v1.size(), 3U);
  EXPECT_EQ(facts.v1[0].own, "/m");
  EXPECT_EQ(facts.v1[1].mount_point, "/sys/fs/cgroup/systemd");
  EXPECT_EQ(facts.v1[2].mount_point, "/sys/fs/cgroup/cpu,cpuacct");
}

TEST(CgroupFacts, TakeTheRootOfTheMountOffTheOwnPath) {
  const auto own = parse_own_cgroups("1:memory:/docker/abc/inner\n0::/docker/abc\n");
  const auto facts = combine_cgroups(own, parse_cgroup_mounts("1 2 0:1 /docker/abc /cg/memory rw - cgroup cgroup rw,memory\n"
                                                              "1 2 0:2 /docker/abc /cg/unified rw - cgroup2 cgroup2 rw\n"));
  EXPECT_EQ(facts.v1.at(0).own, "/inner");
  EXPECT_EQ(facts.v2.own, "/");
}

TEST(CgroupFacts, PreferTheMountThatShowsTheOwnCgroup) {
  const auto facts =
      combine_cgroups(parse_own_cgroups("0::/a/b\n"), parse_cgroup_mounts("1 2 0:1 /elsewhere /x rw - cgroup2 c rw\n"
                                                                          "1 2 0:1 /a /y rw - cgroup2 c rw\n"));
  EXPECT_EQ(facts.mode, Mode::V2);
  EXPECT_EQ(facts.v2.mount_point, "/y");
  EXPECT_EQ(facts.v2.own, "/b");
}

TEST(CgroupFacts, NameNoPathOutsideOfTheCgroupNamespace) {
  const auto facts =
      combine_cgroups(parse_own_cgroups("0::/../sibling\n"), parse_cgroup_mounts("1 2 0:1 / /x rw - cgroup2 c rw\n"));
  EXPECT_EQ(facts.v2.own, "/");
}

TEST(CgroupFacts, AreNoneWithoutAMount) {
  EXPECT_EQ(combine_cgroups(parse_own_cgroups("0::/\n"), {}).mode, Mode::None);
  EXPECT_EQ(mode_name(Mode::Hybrid), "hybrid");
}

}  // namespace
}  // namespace caisson::cgroup
