// Compressed bytes as bits, lowest first, with whole bytes in between. Behind the end zeros follow, so that a decoder may look
// further than there is; can_go_on() tells when it used some of them.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

#include "image/byte_source.hpp"

namespace caisson::image {

// The bits at hand. A loop that has to be fast takes a copy, which the compiler keeps in registers, and puts it back.
struct Bits {
  const char* at = nullptr;
  std::uint64_t held = 0;
  unsigned count = 0;

  // At least 56 bits from here on.
  void refill() noexcept {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    held |= word << count;
    at += (63 - count) >> 3;
    count |= 56;
  }
  void use(unsigned bits) noexcept {
    held >>= bits;
    count -= bits;
  }
  std::uint64_t low(unsigned bits) const noexcept { return held & ((std::uint64_t{1} << bits) - 1); }
};

class BitSource {
 public:
  static constexpr std::size_t kMargin = 32;

  // buffer: at least a KiB.
  BitSource(ByteSource& from, std::span<char> buffer) : from_(from), buffer_(buffer) { refill_buffer(); }

  // Whether kMargin bytes can be taken, perhaps with zeros behind the end; false when more was used than there is.
  bool can_go_on() { return now_.at <= limit_ || refill_buffer(); }
  const char* limit() const noexcept { return limit_; }  // up to which can_go_on() is true
  Bits& now() noexcept { return now_; }
  unsigned take(unsigned bits) noexcept {
    now_.refill();
    const auto value = static_cast<unsigned>(now_.low(bits));
    now_.use(bits);
    return value;
  }

  // The rest of a byte that was begun is left out, and what follows is taken as bytes.
  void go_to_byte() noexcept { now_ = {.at = now_.at - (now_.count >> 3)}; }
  // After go_to_byte(): what is at hand of the rest; empty at the end.
  std::span<const char> rest() {
    if (now_.at >= end_) refill_buffer();
    return now_.at < end_ ? std::span<const char>(now_.at, end_) : std::span<const char>();
  }
  void skip(std::size_t count) noexcept { now_.at += count; }

 private:
  bool refill_buffer();

  ByteSource& from_;
  std::span<char> buffer_;
  Bits now_;
  const char *end_ = nullptr, *limit_ = nullptr;
  bool ended_ = false;
};

}  // namespace caisson::image
