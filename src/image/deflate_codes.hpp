// The codes of DEFLATE (RFC 1951) as tables: a few bits of input give a whole entry. Pure.
//
// An entry, from its lowest bits: 8 bits how much input it uses, with its extra bits; 4 bits how much of that is the code
// itself; the flags below; from bit 16 the literal, the base of a length or distance, or the place of a further table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace caisson::image {

using DeflateEntry = std::uint32_t;
inline constexpr DeflateEntry kDeflateLiteral = 1U << 31;
inline constexpr DeflateEntry kDeflateSpecial = 1U << 15;         // one of the three that follow
inline constexpr DeflateEntry kDeflateFurther = 1U << 14;         // a further table, of 2^(code bits) entries
inline constexpr DeflateEntry kDeflateEnd = 1U << 13;             // of the block
inline constexpr DeflateEntry kDeflateInvalid = kDeflateSpecial;  // neither: no code of this block

inline constexpr unsigned kLongestDeflateCode = 15;
inline constexpr unsigned kLengthTableBits = 11, kDistanceTableBits = 8, kPrecodeTableBits = 7;
// With all further tables; a complete set of codes needs at most 2342 and 402 (the program enough.c of zlib counts them).
inline constexpr std::size_t kLengthTableSize = 2400, kDistanceTableSize = 432, kPrecodeTableSize = 128;

enum class DeflateAlphabet : std::uint8_t { LiteralsAndLengths, Distances, Precode };

// lengths: of the code of each symbol, 0 for none. false: they are no set of codes that a decoder may take.
bool make_deflate_table(DeflateAlphabet alphabet, std::span<const std::uint8_t> lengths,
                        std::span<DeflateEntry> table) noexcept;

}  // namespace caisson::image
