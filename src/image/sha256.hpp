// SHA-256 (FIPS 180-4) of what is fed to it piece by piece, by the processor's own instructions where it has them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace caisson::image {

using Sha256Value = std::array<std::uint8_t, 32>;

// Blocks of 64 bytes into the state; one function for each way to do it.
using Sha256Blocks = void (*)(std::uint32_t* state, const std::uint8_t* data, std::size_t blocks) noexcept;
void sha256_blocks_portable(std::uint32_t* state, const std::uint8_t* data, std::size_t blocks) noexcept;
// nullptr where the processor has no instructions for it.
Sha256Blocks sha256_blocks_of_processor() noexcept;

class Sha256 {
 public:
  Sha256() noexcept;
  explicit Sha256(Sha256Blocks blocks) noexcept;  // for tests and measurements

  void add(std::string_view data) noexcept;
  // Of all that was added; adding more afterwards is not possible.
  Sha256Value finish() noexcept;

 private:
  Sha256Blocks blocks_;
  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> partial_;
  std::uint64_t length_ = 0;
};

}  // namespace caisson::image
