#include "sys/fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "sys/file.hpp"
#include "unit/sys/scratch_dir.hpp"

namespace caisson::sys {
namespace {

UniqueFd open_null() { return std::move(open_at(kCwd, "/dev/null", O_RDONLY)).or_throw("open /dev/null"); }
bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(UniqueFd, ClosesWhenItGoes) {
  int number = -1;
  {
    const UniqueFd fd = open_null();
    number = fd.get();
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, MovingLeavesNothingBehind) {
  UniqueFd first = open_null();
  const int number = first.get();
  UniqueFd second = std::move(first);
  EXPECT_FALSE(first.valid());  // NOLINT: that is the promise
  EXPECT_EQ(second.get(), number);
  EXPECT_TRUE(is_open(number));
}

TEST(UniqueFd, AssignmentClosesWhatItHeld) {
  UniqueFd first = open_null(), second = open_null();
  const int lost = first.get(), kept = second.get();
  first = std::move(second);
  EXPECT_FALSE(is_open(lost));
  EXPECT_EQ(first.get(), kept);
}

TEST(UniqueFd, SurvivesAssignmentToItself) {
  UniqueFd fd = open_null();
  UniqueFd& same = fd;
  fd = std::move(same);
  EXPECT_TRUE(fd.valid());
  EXPECT_TRUE(is_open(fd.get()));
}

TEST(UniqueFd, ReleaseGivesUpOwnership) {
  int number = -1;
  {
    UniqueFd fd = open_null();
    number = fd.release();
    EXPECT_FALSE(fd.valid());
  }
  EXPECT_TRUE(is_open(number));
  const UniqueFd again(number);
}

TEST(UniqueFd, OpensCloseOnExec) {
  const UniqueFd fd = open_null();
  EXPECT_EQ(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST(LinkFile, NamesAFileThatHadNoName) {
  const test::ScratchDir scratch;
  const UniqueFd dir = open_at(kCwd, scratch.path().c_str(), O_RDONLY | O_DIRECTORY).or_throw("open");
  const auto nameless = open_at(dir.borrow(), ".", O_WRONLY | O_TMPFILE, 0600);
  if (nameless.err() == EOPNOTSUPP) GTEST_SKIP() << "the filesystem of /tmp has no O_TMPFILE";
  ASSERT_TRUE(write_full(nameless.value().borrow(), "text").ok());
  EXPECT_TRUE(link_file(nameless.value().borrow(), dir.borrow(), "name").ok());
  EXPECT_EQ(read_file(dir.borrow(), "name").value_or(""), "text");
  EXPECT_EQ(link_file(nameless.value().borrow(), dir.borrow(), "name").err(), EEXIST);
}

}  // namespace
}  // namespace caisson::sys
