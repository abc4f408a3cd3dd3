#include "image/deflate_codes.hpp"

#include <algorithm>

namespace caisson::image {
namespace {

constexpr unsigned kEndOfBlock = 256, kFirstLength = 257;

struct Range {
  std::uint16_t base;
  std::uint8_t extra;
};
constexpr std::array<Range, 29> kLengths = {{{3, 0},   {4, 0},   {5, 0},   {6, 0},   {7, 0},  {8, 0},  {9, 0},  {10, 0},
                                             {11, 1},  {13, 1},  {15, 1},  {17, 1},  {19, 2}, {23, 2}, {27, 2}, {31, 2},
                                             {35, 3},  {43, 3},  {51, 3},  {59, 3},  {67, 4}, {83, 4}, {99, 4}, {115, 4},
                                             {131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}}};
constexpr std::array<Range, 30> kDistances = {
    {{1, 0},    {2, 0},    {3, 0},     {4, 0},     {5, 1},     {7, 1},     {9, 2},     {13, 2},     {17, 3},     {25, 3},
     {33, 4},   {49, 4},   {65, 5},    {97, 5},    {129, 6},   {193, 6},   {257, 7},   {385, 7},    {513, 8},    {769, 8},
     {1025, 9}, {1537, 9}, {2049, 10}, {3073, 10}, {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13}}};

constexpr DeflateEntry entry_of(Range range) { return DeflateEntry{range.base} << 16 | range.extra; }

// What a symbol means, without the length of its code, which is added to both fields.
constexpr DeflateEntry meaning(DeflateAlphabet alphabet, unsigned symbol) {
  switch (alphabet) {
    case DeflateAlphabet::Precode:
      return symbol << 16;
    case DeflateAlphabet::Distances:
      return symbol < kDistances.size() ? entry_of(kDistances[symbol]) : kDeflateInvalid;
    case DeflateAlphabet::LiteralsAndLengths:
      break;
  }
  if (symbol < kEndOfBlock) return kDeflateLiteral | symbol << 16;
  if (symbol == kEndOfBlock) return kDeflateSpecial | kDeflateEnd;
  return symbol - kFirstLength < kLengths.size() ? entry_of(kLengths[symbol - kFirstLength]) : kDeflateInvalid;
}

constexpr unsigned primary_bits(DeflateAlphabet alphabet) {
  if (alphabet == DeflateAlphabet::Precode) return kPrecodeTableBits;
  return alphabet == DeflateAlphabet::Distances ? kDistanceTableBits : kLengthTableBits;
}

using Counts = std::array<std::uint16_t, kLongestDeflateCode + 1>;

// Codes come with their first bit in front, and are looked up with it as the lowest one.
unsigned reversed(unsigned code, unsigned length) noexcept {
  code = (code & 0x5555) << 1 | (code >> 1 & 0x5555);
  code = (code & 0x3333) << 2 | (code >> 2 & 0x3333);
  code = (code & 0x0f0f) << 4 | (code >> 4 & 0x0f0f);
  code = (code & 0x00ff) << 8 | (code >> 8 & 0x00ff);
  return code >> (16 - length);
}

// How wide the table behind a prefix has to be: codes follow in order, and fill it wholly.
unsigned further_bits(const Counts& left, unsigned length, unsigned primary) noexcept {
  unsigned bits = length - primary;
  for (unsigned space = left[length]; space < 1U << bits && primary + bits < kLongestDeflateCode;) {
    ++bits;
    space = (space << 1) + left[primary + bits];
  }
  return bits;
}

class Table {
 public:
  Table(DeflateAlphabet alphabet, std::span<DeflateEntry> entries) noexcept
      : alphabet_(alphabet), primary_(primary_bits(alphabet)), entries_(entries), next_(std::size_t{1} << primary_) {}

  void fill_with_invalid() noexcept { std::fill_n(entries_.begin(), next_, kDeflateInvalid); }

  // Symbols in the order of their codes; left: how many of each length are still to come, with this one.
  bool add(unsigned symbol, unsigned code, unsigned length, const Counts& left) noexcept {
    const unsigned bits = reversed(code, length);
    const DeflateEntry what = meaning(alphabet_, symbol);
    if (length <= primary_) {
      spread(0, primary_, bits, length, what + length + (length << 8));
      return true;
    }
    const unsigned prefix = bits & ((1U << primary_) - 1);
    if (prefix != prefix_) {
      prefix_ = prefix;
      further_ = further_bits(left, length, primary_);
      begin_ = next_;
      next_ += std::size_t{1} << further_;
      if (next_ > entries_.size()) return false;
      entries_[prefix] = static_cast<DeflateEntry>(begin_ << 16) | kDeflateSpecial | kDeflateFurther | further_ << 8 | primary_;
    }
    const unsigned rest = length - primary_;
    spread(begin_, further_, bits >> primary_, rest, what + rest + (rest << 8));
    return true;
  }

 private:
  void spread(std::size_t begin, unsigned width, unsigned bits, unsigned length, DeflateEntry entry) noexcept {
    DeflateEntry* const first = entries_.data() + begin;
    for (std::size_t i = bits; i < std::size_t{1} << width; i += std::size_t{1} << length) first[i] = entry;
  }

  DeflateAlphabet alphabet_;
  unsigned primary_;
  std::span<DeflateEntry> entries_;
  std::size_t next_, begin_ = 0;
  unsigned prefix_ = ~0U, further_ = 0;
};

}  // namespace

bool make_deflate_table(DeflateAlphabet alphabet, std::span<const std::uint8_t> lengths,
                        std::span<DeflateEntry> table) noexcept {
  Counts counts{};
  for (const std::uint8_t length : lengths) ++counts[length];
  counts[0] = 0;
  int space = 1;
  unsigned longest = 0;
  for (unsigned length = 1; length <= kLongestDeflateCode; ++length) {
    space = space * 2 - counts[length];
    if (space < 0) return false;  // more codes than there can be
    if (counts[length] > 0) longest = length;
  }
  Table out(alphabet, table);
  if (space > 0) {
    // Not all codes are given away. Other decoders take that for a single distance, and for no distances at all.
    if (alphabet == DeflateAlphabet::Precode || longest > 1) return false;
    out.fill_with_invalid();
  }
  std::array<std::uint16_t, kLongestDeflateCode + 2> at{};  // where the symbols of a length begin in the order of codes
  for (unsigned length = 1; length <= kLongestDeflateCode; ++length)
    at[length + 1] = static_cast<std::uint16_t>(at[length] + counts[length]);
  std::array<std::uint16_t, 288> sorted{};
  for (unsigned symbol = 0; symbol < lengths.size(); ++symbol)
    if (lengths[symbol] > 0) sorted[at[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
  unsigned code = 0, index = 0;
  Counts left = counts;
  for (unsigned length = 1; length <= longest; ++length, code <<= 1)
    for (; left[length] > 0; --left[length], ++code, ++index)
      if (!out.add(sorted[index], code, length, left)) return false;
  return true;
}

}  // namespace caisson::image
