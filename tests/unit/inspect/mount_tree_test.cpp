#include "inspect/mount_tree.hpp"

#include <gtest/gtest.h>

namespace caisson::inspect {
namespace {

constexpr std::string_view kTable =
    "20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda rw\n"
    "21 20 0:5 / /proc rw - proc proc rw\n"
    "22 20 0:6 / /dev rw master:7 - tmpfs dev rw\n"
    "23 22 0:7 / /dev/pts rw shared:4 master:1 propagate_from:1 - devpts devpts rw\n"
    "24 20 0:8 /sub /mnt\\040x\\033[2J rw unbindable - tmpfs none rw\n";

TEST(MountTree, IsDrawnBelowTheParents) {
  EXPECT_EQ(draw_mounts(mount::parse_mountinfo(kTable)),
            "  /                  ext4    /dev/sda    rw,relatime  shared:1\n"
            "  ├─/proc            proc    proc        rw           private\n"
            "  ├─/dev             tmpfs   dev         rw           master:7\n"
            "  │ └─/dev/pts       devpts  devpts      rw           shared:4 master:1 propagate_from:1\n"
            "  └─\"/mnt x\\x1b[2J\"  tmpfs   none[/sub]  rw           unbindable\n");
}

TEST(MountTree, HasEveryMountOnceAlsoInACircle) {
  auto mounts = mount::parse_mountinfo(kTable);
  mounts[0].parent = 23;
  EXPECT_EQ(tree_of(mounts).size(), mounts.size());
  mounts[1].parent = mounts[1].id;
  EXPECT_EQ(tree_of(mounts).size(), mounts.size());
  EXPECT_TRUE(tree_of({}).empty());
}

TEST(MountTree, IsAsDeepAsTheMountsAre) {
  std::vector<mount::MountInfo> mounts;
  for (std::uint64_t id = 1; id <= 20000; ++id) {
    mount::MountInfo mount;
    mount.id = id;
    mount.parent = id - 1;
    mounts.push_back(mount);
  }
  const auto nodes = tree_of(mounts);
  ASSERT_EQ(nodes.size(), 20000U);
  EXPECT_EQ(nodes.back().depth, 19999U);
}

TEST(PeerGroups, NameWhoElseIsInThem) {
  const auto mounts = mount::parse_mountinfo(kTable);
  PeerGroups groups;
  add_members(mounts, {.mount_namespace = 111, .pid = 50, .command = "mine"}, groups);
  add_members(mount::parse_mountinfo("9 1 8:1 / / rw shared:1 - ext4 a rw\n10 9 0:6 / /d rw shared:7 - tmpfs d rw\n"),
              {.mount_namespace = 222, .pid = 60, .command = "theirs\x1b"}, groups);
  EXPECT_EQ(describe_groups(mounts, 111, groups),
            "  group 1: shared by /; /dev/pts, /dev/pts receive from it; also / in mnt:[222] of 60 \"theirs\\x1b\"\n"
            "  group 4: shared by /dev/pts; nobody else who can be seen is in it\n"
            "  group 7: /dev receives from it: /d in mnt:[222] of 60 \"theirs\\x1b\"\n");
}

TEST(PeerGroups, WithManyMembersAreCutShort) {
  const auto mounts = mount::parse_mountinfo("20 1 8:1 / / rw shared:1 - ext4 /dev/sda rw\n");
  PeerGroups groups;
  for (std::uint64_t i = 0; i < 10; ++i) add_members(mounts, {.mount_namespace = 100 + i, .pid = 1, .command = "x"}, groups);
  const std::string words = describe_groups(mounts, 100, groups);
  EXPECT_NE(words.find("and 5 more"), std::string::npos);
}

}  // namespace
}  // namespace caisson::inspect
