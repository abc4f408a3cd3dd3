#include "base/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace caisson::text {
namespace {

struct Lead {
  unsigned char first, last;                // the range of the first byte
  unsigned char second_first, second_last;  // the range of the second byte; the others are 80..BF
  std::size_t length;
};

// Table 3-7 of the Unicode standard.
constexpr Lead kLeads[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

unsigned char byte_at(std::string_view text, std::size_t at) noexcept { return static_cast<unsigned char>(text[at]); }

constexpr std::size_t kWord = sizeof(std::uint64_t);

// kWord bytes that are all ASCII and none of them zero.
bool is_plain_word(const char* bytes) noexcept {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  return ((word | (word - kOnes)) & kHighs) == 0;
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) return 1;
  for (const Lead& lead : kLeads) {
    if (first < lead.first || first > lead.last) continue;
    if (text.size() < lead.length) return 0;
    if (byte_at(text, 1) < lead.second_first || byte_at(text, 1) > lead.second_last) return 0;
    for (std::size_t i = 2; i < lead.length; ++i) {
      if (byte_at(text, i) < 0x80 || byte_at(text, i) > 0xBF) return 0;
    }
    return lead.length;
  }
  return 0;
}

std::size_t find_not_text(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= kWord && is_plain_word(text.data() + at)) {
      at += kWord;
      continue;
    }
    const auto byte = static_cast<signed char>(text[at]);
    if (byte > 0) {  // ASCII
      ++at;
      continue;
    }
    if (byte == 0) return at;
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

bool is_ascii(std::string_view text) noexcept {
  for (; text.size() >= kWord; text.remove_prefix(kWord))
    if (!is_plain_word(text.data())) return false;
  return std::ranges::all_of(text, [](char c) { return static_cast<signed char>(c) > 0; });
}

Character first_character(std::string_view text) noexcept {
  const std::string_view bytes = text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(bytes[i])); };
  if (bytes.size() == 1) return {bytes, byte(0)};
  char32_t code = byte(0) & (0x3fU >> (bytes.size() - 1));
  for (std::size_t i = 1; i < bytes.size(); ++i) code = code << 6 | (byte(i) & 0x3fU);
  return {bytes, code};
}

}  // namespace caisson::text
