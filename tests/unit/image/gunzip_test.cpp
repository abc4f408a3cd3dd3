#include <gtest/gtest.h>

#include "gzip_oracle.hpp"
#include "image/crc32.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kLimit = std::size_t{4} << 20;

struct Dice {
  std::uint64_t state;
  std::uint32_t operator()(std::uint32_t sides) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(state >> 33) % sides;
  }
};

// Text of a few letters with repetitions of what came before: near, far, long, short.
std::string made_text(Dice& dice, std::size_t size, std::uint32_t letters) {
  std::string text;
  while (text.size() < size) {
    if (text.empty() || dice(4) != 0) {
      for (std::uint32_t i = dice(40); i > 0; --i) text.push_back(static_cast<char>(dice(letters)));
      continue;
    }
    const std::size_t reach = std::min<std::size_t>(text.size(), dice(2) != 0 ? 20 : 32768);
    const std::size_t distance = 1 + dice(static_cast<std::uint32_t>(reach));
    for (std::uint32_t i = dice(600); i > 0; --i) text.push_back(text[text.size() - distance]);
  }
  text.resize(size);
  return text;
}

std::optional<std::string> gunzip_by_own(std::string_view data, std::size_t piece, std::size_t room) {
  TextSource from(data, piece);
  TextOutlet to(room, kLimit);
  try {
    gunzip(from, to);
  } catch (const Error& error) {
    EXPECT_FALSE(to.overrun());
    return std::nullopt;
  }
  EXPECT_FALSE(to.overrun());
  return to.text();
}

TEST(Gunzip, GivesBackWhatZlibPackedInEveryWay) {
  Dice dice{1};
  const std::size_t sizes[] = {0, 1, 3, 300, 5000, 70000, 300000};
  for (const std::size_t size : sizes)
    for (const std::uint32_t letters : {1U, 2U, 20U, 256U}) {
      const std::string text = made_text(dice, size, letters);
      for (const int level : {0, 1, 6, 9})
        for (const int strategy : {Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED}) {
          const std::string packed = gzip_by_zlib(text, level, strategy);
          const std::size_t piece = size < 5000 ? 1 : 1 + dice(100000), room = Outlet::kLeastRoom + dice(100000);
          const auto own = gunzip_by_own(packed, piece, room);
          ASSERT_TRUE(own == text) << size << " bytes of " << letters << " letters, level " << level << ", strategy "
                                   << strategy;
        }
    }
}

TEST(Gunzip, TakesMembersOneAfterTheOtherAndZerosBehindThem) {
  const std::string one = gzip_by_zlib("one ", 6, 0), two = gzip_by_zlib("two", 6, 0), zeros(1000, '\0');
  EXPECT_EQ(gunzip_by_own(one + two, 1, 4096), "one two");
  EXPECT_EQ(gunzip_by_own(one + zeros + two + zeros, 7, 4096), "one two");
  EXPECT_EQ(gunzip_by_own(one + "x", 7, 4096), std::nullopt);
  EXPECT_EQ(gunzip_by_own(one + two.substr(0, 5), 7, 4096), std::nullopt);
  EXPECT_EQ(gunzip_by_own("", 7, 4096), std::nullopt);
}

TEST(Gunzip, TakesAndRefusesDamagedDataAsZlibDoes) {
  Dice dice{2};
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = made_text(dice, dice(3000), 1 + dice(60));
    std::string data = gzip_by_zlib(text, static_cast<int>(dice(10)), static_cast<int>(dice(5)));
    for (std::uint32_t changes = dice(3); changes > 0; --changes) {
      const std::size_t at = dice(static_cast<std::uint32_t>(data.size()));
      data[at] = static_cast<char>(data[at] ^ (1 << dice(8)));
    }
    if (dice(8) == 0) data.resize(dice(static_cast<std::uint32_t>(data.size())));
    const auto expected = gunzip_by_zlib(data, kLimit);
    ASSERT_TRUE(gunzip_by_own(data, 1 + dice(4000), Outlet::kLeastRoom + dice(5000)) == expected) << "round " << i;
    refused += expected ? 0 : 1;
  }
  EXPECT_GT(refused, 500);
  EXPECT_LT(refused, 3500);
}

// Blocks of codes made up bit by bit: what no program that packs would write.
TEST(Gunzip, RefusesInventedBlocksAndWritesNowhereElse) {
  Dice dice{3};
  for (int i = 0; i < 5000; ++i) {
    std::string data("\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
    data.push_back(static_cast<char>(dice(256) << 3 | (dice(4) == 0 ? 3 : 5)));
    for (std::uint32_t more = dice(200); more > 0; --more) data.push_back(static_cast<char>(dice(256)));
    // The sums at its end are wrong in any case; until then nothing may be read or written where it does not belong.
    TextSource from(data, 1 + dice(300));
    TextOutlet to(4096, kLimit);
    EXPECT_THROW(gunzip(from, to), Error);
    ASSERT_FALSE(to.overrun());
    ASSERT_EQ(gunzip_by_zlib(data, kLimit), std::nullopt);
  }
}

TEST(Crc32, IsTheSameByProcessorAndByTables) {
  EXPECT_EQ(crc32_portable(0, "123456789"), 0xcbf43926U);
  Dice dice{4};
  const std::string text = made_text(dice, 1000, 256);
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const std::string_view part = std::string_view(text).substr(0, length);
    const std::uint32_t expected = crc32_portable(0, part);
    EXPECT_EQ(crc32(0, part), expected) << length;
    EXPECT_EQ(crc32(crc32(0, part.substr(0, length / 3)), part.substr(length / 3)), expected) << length;
  }
}

}  // namespace
}  // namespace caisson::image
