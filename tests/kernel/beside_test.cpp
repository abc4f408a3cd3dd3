// Work beside the caller: what it may and may not do, and what its reader learns when it is killed.
#include "launch/beside.hpp"

#include <errno.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>

#include "base/error.hpp"
#include "image/ring.hpp"
#include "sys/file.hpp"

namespace caisson {
namespace {

TEST(Beside, ReadsWhatItWasGivenAndNothingElse) {
  const auto page = sys::SharedPage::make().or_throw("shared page");
  const auto given = sys::open_at(sys::kCwd, "/proc/self/exe", O_RDONLY).or_throw("open");
  const auto kept_back = sys::open_at(sys::kCwd, "/proc/self/exe", O_RDONLY).or_throw("open");
  const std::array<sys::BorrowedFd, 1> kept = {given.borrow()};
  launch::Beside beside("tries", kept, [&] {
    char byte = 0;
    const auto note = [&](std::size_t at, int value) { page.word(at).store(static_cast<std::uint32_t>(value)); };
    note(0, sys::read_some(given.borrow(), &byte, 1).err());
    note(1, sys::read_some(kept_back.borrow(), &byte, 1).err());
    note(2, sys::open_at(sys::kCwd, "/", O_RDONLY).err());
    note(3, sys::make_dir(sys::kCwd, "/x", 0700).err());
    note(4, sys::clone_process({}).err());
    note(5, sys::send_signal_to_pid(sys::process_id(), SIGKILL).err());
    note(6, sys::unlink_at(sys::kCwd, "/x").err());
  });
  EXPECT_EQ(beside.end_in_words(), "ended with status 0");
  EXPECT_EQ(page.word(0).load(), 0U);
  EXPECT_EQ(page.word(1).load(), static_cast<std::uint32_t>(EBADF));
  for (std::size_t i = 2; i <= 6; ++i) EXPECT_EQ(page.word(i).load(), static_cast<std::uint32_t>(EPERM)) << i;
}

TEST(Ring, GivesTheBytesInOrderThenTheErrorOfTheWriter) {
  image::Ring ring;
  constexpr std::size_t kSize = std::size_t{20} << 20;  // several times around
  launch::Beside writer("writes", {}, [&] {
    ring.write([](image::Outlet& to) {
      for (std::size_t made = 0; made < kSize;) {
        const image::Outlet::Room room = to.room();
        for (std::size_t i = 0; i < room.size; ++i) room.begin[i] = static_cast<char>((made + i) % 251);
        to.wrote(room.size);
        made += room.size;
      }
      throw Error(ErrorKind::Spec, "no more").with_hint("stop here");
    });
  });
  std::array<char, 70000> piece;
  std::size_t read = 0, wrong = 0;
  try {
    for (;;) {
      const std::size_t got = ring.read(piece, writer);
      for (std::size_t i = 0; i < got; ++i, ++read) wrong += piece[i] != static_cast<char>(read % 251);
    }
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "no more");
    EXPECT_EQ(error.hint(), "stop here");
  }
  EXPECT_GE(read, kSize);
  EXPECT_EQ(wrong, 0U);
}

TEST(Ring, TellsTheReaderThatTheWriterWasKilled) {
  image::Ring ring;
  launch::Beside writer("writes", {}, [&] { ring.write([](image::Outlet&) { __builtin_trap(); }); });
  std::array<char, 16> piece;
  try {
    ring.read(piece, writer);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "the process that decompresses was killed by SIGILL");
  }
}

}  // namespace
}  // namespace caisson
