#include "mount/mountinfo.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::mount {
namespace {

TEST(Mountinfo, ReadsEveryField) {
  const auto mounts =
      parse_mountinfo("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 propagate_from:7 - ext3 /dev/root rw,errors=continue\n");
  ASSERT_EQ(mounts.size(), 1U);
  const MountInfo& mount = mounts.front();
  EXPECT_EQ(mount.id, 36U);
  EXPECT_EQ(mount.parent, 35U);
  EXPECT_EQ(mount.major, 98U);
  EXPECT_EQ(mount.minor, 0U);
  EXPECT_EQ(mount.root, "/mnt1");
  EXPECT_EQ(mount.mount_point, "/mnt2");
  EXPECT_EQ(mount.options, "rw,noatime");
  EXPECT_FALSE(mount.shared);
  EXPECT_EQ(mount.master, 1U);
  EXPECT_EQ(mount.propagate_from, 7U);
  EXPECT_EQ(mount.type, "ext3");
  EXPECT_EQ(mount.source, "/dev/root");
  EXPECT_EQ(mount.super_options, "rw,errors=continue");
}

TEST(Mountinfo, UndoesOctalEscapes) {
  const auto mounts = parse_mountinfo("1 0 0:1 / /a\\040b\\134c\\011d rw - tmpfs a\\043b rw");
  EXPECT_EQ(mounts.at(0).mount_point, "/a b\\c\td");
  EXPECT_EQ(mounts.at(0).source, "a#b");
}

TEST(Mountinfo, ShowsPropagation) {
  EXPECT_EQ(propagation_of_mount(parse_mountinfo("1 0 0:1 / / rw - tmpfs t rw").at(0)), "private");
  EXPECT_EQ(propagation_of_mount(parse_mountinfo("1 0 0:1 / / rw shared:5 master:2 - tmpfs t rw").at(0)), "shared:5 master:2");
  EXPECT_EQ(propagation_of_mount(parse_mountinfo("1 0 0:1 / / rw unbindable - tmpfs t rw").at(0)), "unbindable");
}

TEST(Mountinfo, IgnoresOptionalFieldsItDoesNotKnow) {
  EXPECT_EQ(parse_mountinfo("1 0 0:1 / / rw future:9 - tmpfs t rw").at(0).type, "tmpfs");
}

TEST(Mountinfo, AcceptsAnEmptySource) {
  const auto mounts = parse_mountinfo("1 0 0:1 / / rw - tmpfs  rw");
  EXPECT_EQ(mounts.at(0).source, "");
  EXPECT_EQ(mounts.at(0).super_options, "rw");
}

TEST(Mountinfo, RefusesWhatIsNotInTheFormat) {
  for (const char* line :
       {"garbage", "1 0 0:1 / / rw tmpfs t rw extra", "x 0 0:1 / / rw - tmpfs t rw", "1 0 01 / / rw - tmpfs t rw",
        "1 0 0:1 / / rw shared:x - tmpfs t rw", "1 0 0:1 / / rw shared:1 - tmpfs t"})
    EXPECT_THROW(parse_mountinfo(line), Error) << line;
}

TEST(Mountinfo, AcceptsNoMounts) { EXPECT_TRUE(parse_mountinfo("").empty()); }

}  // namespace
}  // namespace caisson::mount
