// The shipped programs' memcpy, memmove and memcmp against those of the C library. x86-64, as they are.
#ifdef __x86_64__

#include "short_blocks.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace caisson::memory {
namespace {

std::vector<unsigned char> numbered(std::size_t size) {
  std::vector<unsigned char> bytes(size);
  for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<unsigned char>(at * 7 + 1);
  return bytes;
}

int sign(int value) { return (value > 0) - (value < 0); }

// Apart from the others: what it is compared with takes no null pointers, which vectors of nothing have.
TEST(ShortBlocks, MayBeOfNothing) {
  unsigned char byte = 0xee;
  copy(&byte, &byte + 1, 0);
  move(&byte, &byte + 1, 0);
  EXPECT_EQ(byte, 0xee);
  EXPECT_EQ(compare(&byte, &byte + 1, 0), 0);
}

TEST(ShortBlocks, AreCopiedWholeAndNotAByteMore) {
  for (std::size_t size = 1; size <= kLargest + 40; ++size) {
    const std::vector<unsigned char> from = numbered(size);
    std::vector<unsigned char> to(size + 2, 0xee);
    copy(to.data() + 1, from.data(), size);
    ASSERT_EQ(std::memcmp(to.data() + 1, from.data(), size), 0) << size;
    ASSERT_TRUE(to.front() == 0xee && to.back() == 0xee) << size;
  }
}

TEST(ShortBlocks, AreMovedOverThemselves) {
  constexpr std::size_t kRoom = kLargest + 120;
  for (std::size_t size = 0; size <= kLargest + 40; ++size) {
    for (const std::size_t distance : {0U, 1U, 7U, 8U, 15U, 16U, 17U, 31U, 33U, 70U}) {
      std::vector<unsigned char> up = numbered(kRoom), down = up, expected_up = up, expected_down = up;
      move(up.data() + distance, up.data(), size);
      std::memmove(expected_up.data() + distance, expected_up.data(), size);
      ASSERT_EQ(up, expected_up) << size << " up by " << distance;
      move(down.data(), down.data() + distance, size);
      std::memmove(expected_down.data(), expected_down.data() + distance, size);
      ASSERT_EQ(down, expected_down) << size << " down by " << distance;
    }
  }
}

TEST(ShortBlocks, AreOrderedByTheirFirstDifference) {
  for (std::size_t size = 1; size <= 70; ++size) {
    const std::vector<unsigned char> one = numbered(size);
    ASSERT_EQ(compare(one.data(), numbered(size).data(), size), 0) << size;
    for (std::size_t at = 0; at < size; ++at) {
      for (const int by : {1, -1, 128}) {
        std::vector<unsigned char> other = one;
        other[at] = static_cast<unsigned char>(other[at] + by);
        if (at + 1 < size) other[size - 1] = static_cast<unsigned char>(~other[size - 1]);  // what comes later does not count
        ASSERT_EQ(sign(compare(one.data(), other.data(), size)), sign(std::memcmp(one.data(), other.data(), size)))
            << size << " bytes, byte " << at << " by " << by;
      }
    }
  }
}

}  // namespace
}  // namespace caisson::memory

#endif
