#include "sys/root_dir.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "sys/path_walk.hpp"
#include "unit/sys/scratch_dir.hpp"

namespace caisson::sys {
namespace {

class RootDirTest : public testing::TestWithParam<Resolver> {
 protected:
  void SetUp() override {
    ::mkdir(scratch_.at("root").c_str(), 0755);
    ::mkdir(scratch_.at("outside").c_str(), 0755);
    root_ = std::move(RootDir::open_host(scratch_.at("root").c_str(), GetParam())).or_throw("open root");
  }
  std::string inside(const std::string& name) const { return scratch_.at("root/" + name); }
  void link(const char* target, const std::string& name) { ASSERT_EQ(::symlink(target, inside(name).c_str()), 0); }
  void dir(const std::string& name) { ASSERT_EQ(::mkdir(inside(name).c_str(), 0755), 0); }
  std::size_t outside_entries() const {
    const auto fd = open_at(kCwd, scratch_.at("outside").c_str(), O_RDONLY | O_DIRECTORY);
    return list_dir(fd.value().borrow()).value().size();
  }
  static ino_t inode(const UniqueFd& fd) { return static_cast<ino_t>(status_of_fd(fd.borrow()).value().inode); }
  static ino_t inode(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
  }

  test::ScratchDir scratch_;
  RootDir root_;
};

INSTANTIATE_TEST_SUITE_P(BothResolvers, RootDirTest, testing::Values(Resolver::Kernel, Resolver::Walk),
                         [](const auto& info) { return info.param == Resolver::Kernel ? "Kernel" : "Walk"; });

TEST_P(RootDirTest, KeepsAbsoluteLinksInside) {
  dir("etc");
  link("/etc", "conf");
  EXPECT_EQ(inode(root_.open_path("/conf").value()), inode(inside("etc")));
}

TEST_P(RootDirTest, StopsDotDotAtTheRoot) {
  dir("a");
  EXPECT_EQ(inode(root_.open_path("../../../a").value()), inode(inside("a")));
  EXPECT_EQ(inode(root_.open_path("/a/../..").value()), inode(scratch_.at("root")));
}

TEST_P(RootDirTest, RefusesLinkLoops) {
  link("b", "a");
  link("a", "b");
  EXPECT_EQ(root_.open_path("a").err(), ELOOP);
}

TEST_P(RootDirTest, RefusesAnEmptyPath) { EXPECT_EQ(root_.open_path("").err(), ENOENT); }

TEST_P(RootDirTest, OpensTheLinkItselfWhenAsked) {
  link("nowhere", "l");
  const auto fd = root_.open_path_nofollow("l");
  ASSERT_TRUE(fd.ok());
  EXPECT_TRUE(status_of_fd(fd.value().borrow()).value().is_link());
  EXPECT_EQ(root_.open("l", O_RDONLY | O_NOFOLLOW).err(), ELOOP);
}

TEST_P(RootDirTest, ReadsFilesThroughLinks) {
  ASSERT_TRUE(root_.make_file("d/file", 0644).ok());
  link("/d/file", "l");
  const auto fd = root_.open("l", O_RDONLY);
  ASSERT_TRUE(fd.ok());
  EXPECT_EQ(inode(fd.value()), inode(inside("d/file")));
}

TEST_P(RootDirTest, MakesDirectoriesBehindDanglingLinksInside) {
  link((scratch_.at("outside") + "/made").c_str(), "l");
  const auto fd = root_.make_dirs("/l/sub", 0755);
  ASSERT_TRUE(fd.ok());
  EXPECT_EQ(inode(fd.value()), inode(inside(scratch_.at("outside").substr(1) + "/made/sub")));
  EXPECT_EQ(outside_entries(), 0U);
}

TEST_P(RootDirTest, MakesFilesBehindDanglingLinksInside) {
  link("../../outside/file", "l");
  const auto fd = root_.make_file("l", 0644);
  ASSERT_TRUE(fd.ok());
  EXPECT_EQ(inode(fd.value()), inode(inside("outside/file")));
  EXPECT_EQ(outside_entries(), 0U);
}

TEST_P(RootDirTest, KeepsWhatExistsWhenMaking) {
  dir("a");
  ::chmod(inside("a").c_str(), 0700);
  const auto fd = root_.make_dirs("a", 0755);
  EXPECT_EQ(status_of_fd(fd.value().borrow()).value().mode & 07777, 0700U);
  ASSERT_TRUE(root_.make_file("f", 0600).ok());
  EXPECT_EQ(root_.make_dirs("f/x", 0755).err(), ENOTDIR);
}

TEST_P(RootDirTest, NeverFollowsALinkInTheLastComponentOfAnEntry) {
  link((scratch_.at("outside") + "/x").c_str(), "l");
  EXPECT_EQ(root_.make_symlink("t", "l").err(), EEXIST);
  EXPECT_EQ(root_.make_node("l", S_IFIFO | 0600, 0).err(), EEXIST);
  EXPECT_TRUE(root_.unlink("l").ok());
  EXPECT_EQ(outside_entries(), 0U);
}

TEST_P(RootDirTest, RefusesEntriesWithoutAName) {
  EXPECT_EQ(root_.entry("/").err(), EINVAL);
  EXPECT_EQ(root_.entry("a/..").err(), EINVAL);
  EXPECT_EQ(root_.entry(".").err(), EINVAL);
}

TEST_P(RootDirTest, RefusesToCreateByOpen) { EXPECT_EQ(root_.open("new", O_WRONLY | O_CREAT).err(), EINVAL); }

TEST_P(RootDirTest, NamesThePartThatFails) {
  dir("a");
  EXPECT_EQ(root_.failing_part("/a/b/c"), "/a/b");
  EXPECT_EQ(root_.failing_part("/a"), "");
}

TEST_P(RootDirTest, RefusesMagicLinks) {
  const auto proc = std::move(RootDir::open_host("/proc", GetParam())).or_throw("open /proc");
  EXPECT_EQ(proc.open("self/exe", O_RDONLY).err(), ELOOP);
  EXPECT_EQ(proc.open_path("self/cwd/etc").err(), ELOOP);
  EXPECT_TRUE(proc.open("self/status", O_RDONLY).ok());
}

TEST(PathWalk, StaysOnOneMountWhenAsked) {
  const auto root = open_at(kCwd, "/", O_PATH | O_DIRECTORY);
  EXPECT_EQ(walk_in_root(root.value().borrow(), "proc/version", {.crosses = WalkCrosses::NoMount}).err(), EXDEV);
}

// A tree of directories, files and links whose targets are drawn from the same small set of names: many of them dangle,
// loop, climb above the root or lead through each other.
class RandomTree {
 public:
  RandomTree(const RootDir& root, unsigned seed) : random_(seed) {
    for (int i = 0; i < 24; ++i) {
      const std::string at = path(3);
      switch (pick(3)) {
        case 0:
          static_cast<void>(root.make_dirs(at, 0755));
          break;
        case 1:
          static_cast<void>(root.make_file(at, 0644));
          break;
        default:
          static_cast<void>(root.make_symlink((pick(2) != 0 ? path(4) : "/" + path(4)).c_str(), at));
          break;
      }
    }
  }
  std::string path(unsigned most) {
    static const char* const kParts[] = {"a", "b", "c", "d", "..", ".", "", "e"};
    std::string out;
    for (unsigned n = 1 + pick(most); n > 0; --n) {
      if (!out.empty()) out += '/';
      out += kParts[pick(8)];
    }
    return out.empty() ? "a" : out;
  }
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

 private:
  std::mt19937 random_;
};

TEST(PathWalk, AgreesWithTheKernelOnRandomTrees) {
  constexpr int kFlags[] = {O_PATH,
                            O_PATH | O_NOFOLLOW,
                            O_PATH | O_DIRECTORY,
                            O_RDONLY,
                            O_RDONLY | O_NOFOLLOW,
                            O_RDONLY | O_DIRECTORY,
                            O_PATH | O_DIRECTORY | O_NOFOLLOW};
  int found = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const test::ScratchDir scratch;
    ASSERT_EQ(::mkdir(scratch.at("root").c_str(), 0755), 0);
    const RootDir root = std::move(RootDir::open_host(scratch.at("root").c_str())).or_throw("open root");
    if (open_at2(root.borrow(), ".", {.flags = O_PATH}).err() == ENOSYS) GTEST_SKIP() << "no openat2 to compare with";
    RandomTree tree(root, seed);
    for (int i = 0; i < 200; ++i) {
      const std::string path = tree.path(6) + (tree.pick(4) == 0 ? "/" : "");
      const int flags = kFlags[tree.pick(7)];
      const auto kernel = root.open(path, flags);
      const auto walk = walk_in_root(root.borrow(), path, {.flags = flags});
      ASSERT_EQ(kernel.err(), walk.err()) << path << " flags " << flags << " seed " << seed;
      if (!kernel.ok()) continue;
      ++found;
      EXPECT_EQ(status_of_fd(kernel.value().borrow()).value().inode, status_of_fd(walk.value().borrow()).value().inode) << path;
    }
  }
  EXPECT_GT(found, 1000);
}

}  // namespace
}  // namespace caisson::sys
