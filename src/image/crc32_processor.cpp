// CRC-32 by PCLMULQDQ of x86-64: four registers of 16 bytes are folded over the data, a remainder modulo the polynomial each.
#include "image/crc32.hpp"

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>

namespace caisson::image {
namespace {

// x^(distance+64) and x^distance modulo the polynomial, bits reversed.
__attribute__((target("pclmul,sse4.1"))) inline __m128i fold(__m128i value, __m128i powers, __m128i next) noexcept {
  const __m128i low = _mm_clmulepi64_si128(value, powers, 0x00), high = _mm_clmulepi64_si128(value, powers, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

__attribute__((target("pclmul,sse4.1"))) std::uint32_t crc32_blocks_x86(std::uint32_t state, const char* data,
                                                                        std::size_t blocks) noexcept {
  const __m128i over64 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4), over16 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  const auto load = [&](std::size_t at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + at)); };
  __m128i a = _mm_xor_si128(load(0), _mm_cvtsi32_si128(static_cast<int>(state))), b = load(16), c = load(32), d = load(48);
  for (data += 64; --blocks > 0; data += 64) {
    a = fold(a, over64, load(0));
    b = fold(b, over64, load(16));
    c = fold(c, over64, load(32));
    d = fold(d, over64, load(48));
  }
  a = fold(fold(fold(a, over16, b), over16, c), over16, d);
  alignas(16) char rest[16];
  _mm_store_si128(reinterpret_cast<__m128i*>(rest), a);
  return ~crc32_portable(~0U, {rest, sizeof rest});  // a register that starts with zeros, and is not inverted at its end
}

}  // namespace

Crc32Blocks crc32_blocks_of_processor() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kPclmul = 1U << 1, kSse41 = 1U << 19;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kPclmul) == 0 || (c & kSse41) == 0) return nullptr;
  return crc32_blocks_x86;
}

}  // namespace caisson::image

#else

namespace caisson::image {

Crc32Blocks crc32_blocks_of_processor() noexcept { return nullptr; }

}  // namespace caisson::image

#endif
