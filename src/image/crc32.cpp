#include "image/crc32.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace caisson::image {
namespace {

constexpr std::uint32_t kPolynomial = 0xedb88320;  // bits reversed
constexpr std::size_t kBlock = 64;

// Of each byte with so many zero bytes behind it: eight bytes are taken at a time.
constexpr auto kTables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ ((value & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = value;
  }
  for (std::size_t zeros = 1; zeros < tables.size(); ++zeros)
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t shorter = tables[zeros - 1][byte];
      tables[zeros][byte] = shorter >> 8 ^ tables[0][shorter & 0xff];
    }
  return tables;
}();

std::uint32_t by_tables(std::uint32_t state, std::string_view data) noexcept {
  for (; data.size() >= 8; data.remove_prefix(8)) {
    std::uint64_t word;
    std::memcpy(&word, data.data(), sizeof word);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    word ^= state;
    state = 0;
    for (unsigned i = 0; i < 8; ++i) state ^= kTables[7 - i][word >> (8 * i) & 0xff];
  }
  for (const char c : data) state = state >> 8 ^ kTables[0][(state ^ static_cast<unsigned char>(c)) & 0xff];
  return state;
}

}  // namespace

std::uint32_t crc32_portable(std::uint32_t before, std::string_view data) noexcept { return ~by_tables(~before, data); }

std::uint32_t crc32(std::uint32_t before, std::string_view data) noexcept {
  static const Crc32Blocks fast = crc32_blocks_of_processor();
  std::uint32_t state = ~before;
  if (const std::size_t blocks = data.size() / kBlock; fast != nullptr && blocks > 0) {
    state = fast(state, data.data(), blocks);
    data.remove_prefix(blocks * kBlock);
  }
  return ~by_tables(state, data);
}

}  // namespace caisson::image
