#include "image/sha256.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "image/sha256_rounds.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::array<std::uint32_t, 8> kStart = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

std::uint32_t big_endian(const std::uint8_t* bytes) noexcept {
  return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
         static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

void one_block(std::uint32_t* state, const std::uint8_t* data) noexcept {
  std::array<std::uint32_t, 64> w;
  for (std::size_t i = 0; i < 16; ++i) w[i] = big_endian(data + 4 * i);
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] =
      std::to_array({state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]});
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t t1 =
        h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) + kSha256Rounds[i] + w[i];
    const std::uint32_t t2 = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  const std::array<std::uint32_t, 8> sums = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state[i] += sums[i];
}

// Asked once, at the first use: nothing is done at the start of a program that hashes nothing.
Sha256Blocks best_blocks() noexcept {
  static const Sha256Blocks best = [] {
    const Sha256Blocks own = sha256_blocks_of_processor();
    return own == nullptr ? sha256_blocks_portable : own;
  }();
  return best;
}

}  // namespace

void sha256_blocks_portable(std::uint32_t* state, const std::uint8_t* data, std::size_t blocks) noexcept {
  for (; blocks > 0; --blocks, data += kBlock) one_block(state, data);
}

Sha256::Sha256() noexcept : Sha256(best_blocks()) {}
Sha256::Sha256(Sha256Blocks blocks) noexcept : blocks_(blocks), state_(kStart) {}

void Sha256::add(std::string_view data) noexcept {
  const std::size_t held = length_ % kBlock;
  length_ += data.size();
  if (held > 0) {
    const std::size_t taken = std::min(kBlock - held, data.size());
    std::memcpy(partial_.data() + held, data.data(), taken);
    data.remove_prefix(taken);
    if (held + taken < kBlock) return;
    blocks_(state_.data(), partial_.data(), 1);
  }
  const std::size_t whole = data.size() / kBlock;
  if (whole > 0) blocks_(state_.data(), reinterpret_cast<const std::uint8_t*>(data.data()), whole);
  data.remove_prefix(whole * kBlock);
  if (!data.empty()) std::memcpy(partial_.data(), data.data(), data.size());
}

Sha256Value Sha256::finish() noexcept {
  const std::uint64_t bits = length_ * 8;
  constexpr char kPadding[kBlock] = {'\x80'};
  const std::size_t held = length_ % kBlock;
  add({kPadding, (held < 56 ? 56 : 120) - held});
  char length[8];
  for (unsigned i = 0; i < 8; ++i) length[i] = static_cast<char>(bits >> (56 - 8 * i));
  add({length, sizeof length});
  Sha256Value value;
  for (std::size_t i = 0; i < value.size(); ++i) value[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
  return value;
}

}  // namespace caisson::image
