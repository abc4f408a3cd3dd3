#include "image/inflate.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

#ifdef __x86_64__
#include <cpuid.h>
#endif

namespace caisson::image {
namespace {

// What one round of some_symbols() may write: literals, a match, and what copies of words write too much.
constexpr std::size_t kRound = 4 + 258 + 48;
static_assert(2 * kRound < Outlet::kLeastRoom);

[[noreturn]] void refuse(std::string_view problem) { throw Error(ErrorKind::Spec, text::join("gzip data ", problem)); }
[[noreturn]] void cut_short() { refuse("is cut short"); }

template <std::size_t kSize>
void copy_word(char* to, const char* from) noexcept {
  char word[kSize];
  __builtin_memcpy(word, from, kSize);
  __builtin_memcpy(to, word, kSize);
}

// One after the other, since what is copied may be what was just written. Writes up to 31 bytes more.
[[gnu::always_inline]] inline void copy_back(char* to, std::size_t distance, std::size_t length) noexcept {
  const char* from = to - distance;
  const char* const end = to + length;
  if (distance >= 16) {
    copy_word<16>(to, from);
    copy_word<16>(to + 16, from + 16);
    for (to += 32, from += 32; to < end; to += 16, from += 16) copy_word<16>(to, from);
  } else if (distance >= 8) {
    for (; to < end; to += 8, from += 8) copy_word<8>(to, from);
  } else if (distance == 1) {
    const std::uint64_t word = 0x0101010101010101ULL * static_cast<unsigned char>(*from);
    for (; to < end; to += 8) __builtin_memcpy(to, &word, sizeof word);
  } else {
    for (; to < end; to += distance, from += distance) copy_word<8>(to, from);
  }
}

// The number of a length or distance: its base and its extra bits, which are behind the code.
[[gnu::always_inline]] inline unsigned value_of(DeflateEntry entry, std::uint64_t bits) noexcept {
  const unsigned all = entry & 0xff, code = entry >> 8 & 15;
  return (entry >> 16) + static_cast<unsigned>((bits & ((std::uint64_t{1} << all) - 1)) >> code);
}

template <std::size_t kSize>
[[gnu::always_inline]] inline DeflateEntry look_up(const std::array<DeflateEntry, kSize>& table, unsigned width,
                                                   Bits& bits) noexcept {
  DeflateEntry entry = table[bits.low(width)];
  if ((entry & kDeflateFurther) != 0) [[unlikely]] {
    bits.use(width);
    entry = table[(entry >> 16) + bits.low(entry >> 8 & 15)];
  }
  return entry;
}

// Up to three literals of short codes; what follows them. With that they fit into the bits at hand, whatever it is: 33 and 20.
[[gnu::always_inline]] inline DeflateEntry write_literals(const std::array<DeflateEntry, kLengthTableSize>& table,
                                                          DeflateEntry entry, Bits& bits, char*& at) noexcept {
  for (int i = 0; i < 3 && (entry & kDeflateLiteral) != 0; ++i) {
    bits.use(entry & 0xff);
    *at++ = static_cast<char>(entry >> 16);
    entry = table[bits.low(kLengthTableBits)];
  }
  return entry;
}

}  // namespace

void Inflate::stream() {
  made_ = 0;
  const Outlet::Room room = out_.room();
  begin_ = at_ = room.begin;
  end_ = room.begin + room.size;
  while (block()) {
  }
  hand_out();
  in_.go_to_byte();
  if (!in_.can_go_on()) cut_short();
}

void Inflate::hand_out() {
  const auto count = static_cast<std::size_t>(at_ - begin_);
  out_.wrote(count);
  made_ += count;
  begin_ = at_;
}

void Inflate::new_room() {
  hand_out();
  const Outlet::Room room = out_.room();
  begin_ = at_ = room.begin;
  end_ = room.begin + room.size;
}

bool Inflate::block() {
  if (!in_.can_go_on()) cut_short();
  const bool last = in_.take(1) != 0;
  switch (in_.take(2)) {
    case 0:
      stored();
      break;
    case 1:
      read_fixed_codes();
      symbols();
      break;
    case 2:
      read_codes();
      symbols();
      break;
    default:
      refuse("is damaged: invalid block type");
  }
  return !last;
}

void Inflate::stored() {
  in_.go_to_byte();
  if (!in_.can_go_on()) cut_short();
  std::size_t left = in_.take(16);
  const unsigned complement = in_.take(16);
  if (left != (~complement & 0xffff)) refuse("is damaged: invalid lengths of a stored block");
  in_.go_to_byte();
  while (left > 0) {
    const std::span<const char> rest = in_.rest();
    if (rest.empty()) cut_short();
    if (at_ == end_) new_room();
    const std::size_t count = std::min({left, rest.size(), static_cast<std::size_t>(end_ - at_)});
    std::memcpy(at_, rest.data(), count);
    in_.skip(count);
    at_ += count;
    left -= count;
  }
}

void Inflate::read_fixed_codes() {
  if (fixed_) return;
  std::array<std::uint8_t, 288> lengths;
  std::array<std::uint8_t, 32> distances;
  for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
  distances.fill(5);
  make_deflate_table(DeflateAlphabet::LiteralsAndLengths, lengths, lengths_);
  make_deflate_table(DeflateAlphabet::Distances, distances, distances_);
  fixed_ = true;
}

void Inflate::read_codes() {
  constexpr std::array<std::uint8_t, 19> kOrder = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  constexpr std::array<std::uint8_t, 3> kRepeatBits = {2, 3, 7}, kRepeatBase = {3, 3, 11};
  const std::size_t lengths = in_.take(5) + 257, distances = in_.take(5) + 1, precodes = in_.take(4) + 4;
  if (lengths > 286 || distances > 30) refuse("is damaged: too many codes");
  std::array<std::uint8_t, 19> precode{};
  for (std::size_t i = 0; i < precodes; ++i) precode[kOrder[i]] = static_cast<std::uint8_t>(in_.take(3));
  std::array<DeflateEntry, kPrecodeTableSize> table;
  if (!make_deflate_table(DeflateAlphabet::Precode, precode, table)) refuse("is damaged: invalid set of code lengths");
  std::array<std::uint8_t, 286 + 30 + 138> all{};
  for (std::size_t i = 0; i < lengths + distances;) {
    if (!in_.can_go_on()) cut_short();
    in_.now().refill();
    const DeflateEntry entry = look_up(table, kPrecodeTableBits, in_.now());
    if ((entry & kDeflateSpecial) != 0) refuse("is damaged: invalid code");
    in_.now().use(entry & 0xff);
    const unsigned symbol = entry >> 16;
    if (symbol < 16) {
      all[i++] = static_cast<std::uint8_t>(symbol);
      continue;
    }
    const unsigned kind = symbol - 16, count = kRepeatBase[kind] + in_.take(kRepeatBits[kind]);
    if (kind == 0 && i == 0) refuse("is damaged: a length is repeated, and there is none");
    std::fill_n(all.begin() + static_cast<std::ptrdiff_t>(i), count, kind == 0 ? all[i - 1] : std::uint8_t{0});
    i += count;
    if (i > lengths + distances) refuse("is damaged: too many lengths of codes");
  }
  if (all[256] == 0) refuse("is damaged: no code for the end of a block");
  fixed_ = false;
  const std::span<const std::uint8_t> known(all);
  if (!make_deflate_table(DeflateAlphabet::LiteralsAndLengths, known.first(lengths), lengths_) ||
      !make_deflate_table(DeflateAlphabet::Distances, known.subspan(lengths, distances), distances_))
    refuse("is damaged: invalid set of codes");
}

void Inflate::symbols() {
  do {
    if (!in_.can_go_on()) cut_short();
    if (static_cast<std::size_t>(end_ - at_) < kRound) new_room();
  } while (some_symbols());
}

#ifdef __x86_64__
bool Inflate::processor_has_bmi2() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kBmi1AndBmi2 = 1U << 3 | 1U << 8;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & kBmi1AndBmi2) == kBmi1AndBmi2;
}

// The same, for processors that shift without the detour through a flag register.
__attribute__((target("bmi,bmi2"))) bool Inflate::some_symbols_bmi2() { return some_symbols_here(); }
#else
bool Inflate::processor_has_bmi2() noexcept { return false; }
bool Inflate::some_symbols_bmi2() { return some_symbols_here(); }
#endif

bool Inflate::some_symbols() { return has_bmi2_ ? some_symbols_bmi2() : some_symbols_here(); }

// Until there is no more room or input at hand, and at least one; false: the block ended.
[[gnu::always_inline]] inline bool Inflate::some_symbols_here() {
  const char* const limit = in_.limit();
  char* const full = end_ - kRound;
  // What a distance may reach; it is never more than 32 KiB.
  const char* const oldest = begin_ - std::min<std::uint64_t>(made_, Outlet::kHistory);
  Bits bits = in_.now();
  char* at = at_;
  bool more = true;
  bits.refill();
  DeflateEntry entry = lengths_[bits.low(kLengthTableBits)];
  do {
    entry = write_literals(lengths_, entry, bits, at);
    if ((entry & kDeflateFurther) != 0) [[unlikely]]
      entry = look_up(lengths_, kLengthTableBits, bits);
    const std::uint64_t before = bits.held;
    bits.use(entry & 0xff);
    if ((entry & kDeflateLiteral) != 0) {
      *at++ = static_cast<char>(entry >> 16);
      bits.refill();
      entry = lengths_[bits.low(kLengthTableBits)];
      continue;
    }
    if ((entry & kDeflateSpecial) != 0) [[unlikely]] {
      if ((entry & kDeflateEnd) == 0) refuse("is damaged: invalid code of a length");
      more = false;
      break;
    }
    const unsigned length = value_of(entry, before);
    bits.refill();
    entry = look_up(distances_, kDistanceTableBits, bits);
    if ((entry & kDeflateSpecial) != 0) [[unlikely]]
      refuse("is damaged: invalid code of a distance");
    const unsigned distance = value_of(entry, bits.held);
    bits.use(entry & 0xff);
    if (distance > static_cast<std::size_t>(at - oldest)) [[unlikely]]
      refuse("is damaged: a distance reaches too far back");
    // What comes next is looked up while the copy is under way.
    bits.refill();
    entry = lengths_[bits.low(kLengthTableBits)];
    copy_back(at, distance, length);
    at += length;
  } while (at <= full && bits.at <= limit);
  in_.now() = bits;
  at_ = at;
  return more;
}

}  // namespace caisson::image
