// memcpy, memmove and memcmp for what a start copies and compares: a thousand blocks of mostly less than 64 bytes. musl's memcpy
// is one `rep movsq`, which takes the processor some 30 cycles to begin, and its memcmp goes byte by byte: together a seventh of
// the time that a start spends outside the kernel (docs/adr/0010-cold-start.md). x86-64.
#pragma once

#include <cstddef>
#include <cstdint>

namespace caisson::memory {

// Constant sizes, which the compiler makes one load or store of.
template <class Word>
[[gnu::always_inline]] inline Word load(const unsigned char* from) noexcept {
  Word word;
  __builtin_memcpy(&word, from, sizeof word);
  return word;
}
template <class Word>
[[gnu::always_inline]] inline void store(unsigned char* to, Word word) noexcept {
  __builtin_memcpy(to, &word, sizeof word);
}

using Sixteen = unsigned char __attribute__((vector_size(16)));
inline constexpr std::size_t kLargest = 512;  // from here on the string instruction is faster

// Between one and two words: the first and the last, which may overlap.
template <class Word>
[[gnu::always_inline]] inline void copy_ends(unsigned char* to, const unsigned char* from, std::size_t size) noexcept {
  const Word first = load<Word>(from), last = load<Word>(from + size - sizeof(Word));
  store(to, first);
  store(to + size - sizeof(Word), last);
}

// As memcpy(3); and as memmove(3) where `to` is the lower address.
[[gnu::always_inline]] inline void copy(unsigned char* to, const unsigned char* from, std::size_t size) noexcept {
  if (size <= 16) {
    if (size >= 8) return copy_ends<std::uint64_t>(to, from, size);
    if (size >= 4) return copy_ends<std::uint32_t>(to, from, size);
    if (size >= 2) return copy_ends<std::uint16_t>(to, from, size);
    if (size == 1) *to = *from;
    return;
  }
  if (size <= 32) return copy_ends<Sixteen>(to, from, size);
  if (size >= kLargest) {
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
    return;
  }
  const Sixteen last = load<Sixteen>(from + size - 16);
  unsigned char* const end = to + size - 16;
  for (; to < end; to += 16, from += 16) store(to, load<Sixteen>(from));
  store(end, last);
}

// As memmove(3).
[[gnu::always_inline]] inline void move(unsigned char* to, const unsigned char* from, std::size_t size) noexcept {
  const bool from_the_end = static_cast<std::size_t>(to - from) < size;  // unsigned: a lower `to` is far away
  if (!from_the_end || size <= 32) return copy(to, from, size);
  const Sixteen first = load<Sixteen>(from);
  for (std::size_t left = size; left > 16; left -= 16) store(to + left - 16, load<Sixteen>(from + left - 16));
  store(to, first);
}

[[gnu::always_inline]] inline int order(std::uint64_t left, std::uint64_t right) noexcept {
  return __builtin_bswap64(left) < __builtin_bswap64(right) ? -1 : 1;
}

// As memcmp(3).
[[gnu::always_inline]] inline int compare(const unsigned char* left, const unsigned char* right, std::size_t size) noexcept {
  if (size < 8) {
    for (; size > 0; --size, ++left, ++right)
      if (*left != *right) return *left - *right;
    return 0;
  }
  const std::size_t last = size - 8;
  for (std::size_t at = 0; at < last; at += 8) {
    const auto one = load<std::uint64_t>(left + at), other = load<std::uint64_t>(right + at);
    if (one != other) return order(one, other);
  }
  const auto one = load<std::uint64_t>(left + last), other = load<std::uint64_t>(right + last);
  return one == other ? 0 : order(one, other);
}

}  // namespace caisson::memory
