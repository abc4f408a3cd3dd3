#include <gtest/gtest.h>

#include "mount/mount_step.hpp"

namespace caisson::mount {
namespace {

// Of a bind of this source, in /srv/bundle.
MountStep bind_of(std::string source, std::vector<std::string> options = {"bind"}, std::string rootfs = "/srv/bundle/rootfs") {
  const spec::Mount mount{.destination = "/final",
                          .type = "bind",
                          .source = std::move(source),
                          .options = std::move(options),
                          .uid_mappings = {},
                          .gid_mappings = {}};
  return plan_mount(mount, 0, {.bundle = "/srv/bundle", .rootfs = std::move(rootfs), .cgroup = {}}).front();
}

void expect_inside(const MountStep& step, std::string_view path) {
  EXPECT_EQ(step.source_tree, SourceTree::Container) << path;
  EXPECT_EQ(step.source, path);
}

void expect_on_host(const MountStep& step, std::string_view path) {
  EXPECT_EQ(step.source_tree, SourceTree::Host) << path;
  EXPECT_EQ(step.source, path);
}

TEST(SourceTree, IsTheContainersForWhatLiesBelowItsRoot) {
  expect_inside(bind_of("/srv/bundle/rootfs/mnt/x"), "/mnt/x");
  expect_inside(bind_of("/srv//bundle/./other/../rootfs/mnt/x/"), "/mnt/x");
  expect_inside(bind_of("/srv/bundle/rootfs"), "/");
  expect_inside(bind_of("/srv/bundle/rootfs/"), "/");
}

TEST(SourceTree, IsTheContainersForARelativeSourceToo) {
  expect_inside(bind_of("rootfs/mnt/x"), "/mnt/x");
  expect_inside(bind_of("../bundle/rootfs/mnt"), "/mnt");
  expect_inside(bind_of("data/x", {"bind"}, "/srv/bundle/data"), "/x");
}

TEST(SourceTree, IsTheHostsForEverythingElse) {
  expect_on_host(bind_of("/srv/bundle/rootfs2/x"), "/srv/bundle/rootfs2/x");
  expect_on_host(bind_of("/srv/bundle"), "/srv/bundle");
  expect_on_host(bind_of("/srv/bundle/rootfs/../data"), "/srv/bundle/rootfs/../data");
  expect_on_host(bind_of("data"), "/srv/bundle/data");
  expect_on_host(bind_of("/mnt"), "/mnt");
}

TEST(SourceTree, IsTheHostsWhereTheRootIsNoDirectoryOfItsOwn) {
  expect_on_host(bind_of("/srv/bundle/rootfs/mnt", {"bind"}, ""), "/srv/bundle/rootfs/mnt");
  expect_on_host(bind_of("/srv/bundle/rootfs/mnt", {"bind"}, "/"), "/srv/bundle/rootfs/mnt");
}

TEST(SourceTree, IsNamedInWords) {
  EXPECT_EQ(describe(bind_of("/srv/bundle/rootfs/mnt/x", {"rbind", "ro"})), "rbind of /mnt/x inside the root on /final (ro)");
  EXPECT_EQ(describe(bind_of("/mnt/x")), "bind of /mnt/x on /final");
}

TEST(SourceTree, DecidesWhetherASourceIsOpenedBeforehand) {
  EXPECT_TRUE(bind_of("rootfs/mnt").is_bind_of(SourceTree::Container));
  EXPECT_FALSE(bind_of("rootfs/mnt").is_bind_of(SourceTree::Host));
  EXPECT_TRUE(bind_of("data").is_bind_of(SourceTree::Host));
  EXPECT_FALSE(bind_of("data", {"remount", "bind"}).is_bind_of(SourceTree::Host));
}

}  // namespace
}  // namespace caisson::mount
