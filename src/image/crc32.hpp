// CRC-32 as gzip has it (RFC 1952, section 8), by carry-less multiplication where the processor has it.
#pragma once

#include <cstdint>
#include <string_view>

namespace caisson::image {

// Of `before`, which is 0 at the beginning, and what comes behind it.
std::uint32_t crc32(std::uint32_t before, std::string_view data) noexcept;
// By tables alone; for tests, and for what the processor's way leaves over.
std::uint32_t crc32_portable(std::uint32_t before, std::string_view data) noexcept;

// The register before its last inversion, over blocks of 64 bytes.
using Crc32Blocks = std::uint32_t (*)(std::uint32_t state, const char* data, std::size_t blocks) noexcept;
// nullptr where the processor has no instructions for it.
Crc32Blocks crc32_blocks_of_processor() noexcept;

}  // namespace caisson::image
