#include "sys/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "unit/sys/scratch_dir.hpp"

namespace caisson::sys {
namespace {

std::string pattern(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 23);
  return text;
}

UniqueFd made(const std::string& path) {
  return open_at(kCwd, path.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600).or_throw("make ", path);
}

class FileTest : public testing::Test {
 protected:
  test::ScratchDir scratch_;
};

TEST_F(FileTest, IsReadWholeWhateverItsSize) {
  for (const std::size_t size : {0U, 1U, 1023U, 1024U, 1025U, 2047U, 2048U, 4096U, 4097U, 70000U}) {
    const std::string path = scratch_.at("of-" + std::to_string(size));
    ASSERT_TRUE(write_full(made(path).borrow(), pattern(size)).ok());
    EXPECT_EQ(read_file(kCwd, path.c_str()).or_throw("read"), pattern(size)) << size;
  }
}

// The sizes that procfs and pipes tell are no help.
TEST_F(FileTest, IsReadWholeFromAPipe) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  ASSERT_TRUE(write_full(write_end.borrow(), pattern(5000)).ok());
  write_end.reset();
  EXPECT_EQ(read_full(read_end.borrow(), 10000).or_throw("read"), pattern(5000));
}

TEST_F(FileTest, IsRefusedAboveTheLimit) {
  const std::string path = scratch_.at("large");
  ASSERT_TRUE(write_full(made(path).borrow(), pattern(3000)).ok());
  const UniqueFd file = open_at(kCwd, path.c_str(), O_RDONLY).or_throw("open");
  EXPECT_EQ(read_full(file.borrow(), 2999).err(), EFBIG);
  EXPECT_TRUE(rewind(file.borrow()).ok());
  EXPECT_EQ(read_full(file.borrow(), 3000).or_throw("read").size(), 3000U);
}

TEST_F(FileTest, TakesPartsAsOneText) {
  const std::string path = scratch_.at("parts");
  const UniqueFd file = made(path);
  const std::array<std::string_view, 4> parts{"one ", "", "two ", "three"};
  ASSERT_TRUE(write_parts(file.borrow(), parts).ok());
  EXPECT_EQ(read_file(kCwd, path.c_str()).or_throw("read"), "one two three");
  const std::array<std::string_view, 9> many{};
  EXPECT_EQ(write_parts(file.borrow(), many).err(), EINVAL);
}

// A pipe without a reader at the moment takes 64 KiB: what is left has to be written by further calls.
TEST_F(FileTest, TakesPartsThatDoNotFitAtOnce) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  UniqueFd read_end(ends[0]), write_end(ends[1]);
  const std::string first = pattern(50000), second = pattern(90000);
  const pid_t reader = ::fork();
  if (reader == 0) {
    write_end.reset();
    const auto got = read_full(read_end.borrow(), 200000);
    ::_exit(got.ok() && got.value() == first + second ? 0 : 1);
  }
  read_end.reset();
  const std::array<std::string_view, 2> parts{first, second};
  EXPECT_TRUE(write_parts(write_end.borrow(), parts).ok());
  write_end.reset();
  int status = -1;
  EXPECT_EQ(::waitpid(reader, &status, 0), reader);
  EXPECT_EQ(status, 0);
}

TEST_F(FileTest, LinksAreReadWholeWhateverTheirLength) {
  for (const std::size_t length : {1U, 255U, 256U, 257U, 4000U}) {
    const std::string path = scratch_.at("to-" + std::to_string(length));
    ASSERT_EQ(::symlink(pattern(length).c_str(), path.c_str()), 0);
    EXPECT_EQ(read_link(kCwd, path.c_str()).or_throw("read link"), pattern(length)) << length;
  }
}

TEST_F(FileTest, TheWorkingDirectoryMayHaveALongName) {
  const UniqueFd before = open_at(kCwd, ".", O_PATH | O_DIRECTORY).or_throw("open .");
  std::string path = scratch_.path();
  for (int level = 0; level < 4; ++level) {
    path += '/' + pattern(100);
    ASSERT_EQ(::mkdir(path.c_str(), 0700), 0);
  }
  ASSERT_EQ(::chdir(path.c_str()), 0);
  const auto named = current_dir();
  ASSERT_EQ(::fchdir(before.borrow().get()), 0);
  EXPECT_EQ(named.value(), path);
}

}  // namespace
}  // namespace caisson::sys
