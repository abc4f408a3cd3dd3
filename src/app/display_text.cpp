#include <array>
#include <cstdint>

#include "app/column_table.hpp"
#include "base/text.hpp"
#include "json/utf8.hpp"

namespace caisson::app {

namespace {

struct Range {
  std::uint32_t first, last;
};
// East Asian wide and emoji; ranges that nothing narrow stands in (Unicode 15, EastAsianWidth).
constexpr std::array kTwoPlaces{Range{0x1100, 0x115f},   Range{0x2e80, 0x303e},   Range{0x3041, 0xa4cf},  Range{0xac00, 0xd7a3},
                                Range{0xf900, 0xfaff},   Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},  Range{0xffe0, 0xffe6},
                                Range{0x1f300, 0x1f64f}, Range{0x1f900, 0x1f9ff}, Range{0x20000, 0x3fffd}};
constexpr std::array kNoPlace{Range{0x300, 0x36f}, Range{0x200b, 0x200f}, Range{0x20d0, 0x20ff}, Range{0xfe00, 0xfe0f}};

template <class Ranges>
bool in(const Ranges& ranges, std::uint32_t point) {
  for (const Range& range : ranges)
    if (point >= range.first && point <= range.last) return true;
  return false;
}

std::uint32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0);
  std::uint32_t point = byte(0) & (0x7fU >> character.size());
  for (std::size_t i = 1; i < character.size(); ++i) point = point << 6U | (byte(i) & 0x3fU);
  return point;
}

std::size_t places_of(std::string_view character) {
  const std::uint32_t point = code_point(character);
  return in(kTwoPlaces, point) ? 2 : in(kNoPlace, point) ? 0 : 1;
}

// C1 controls move the cursor too, and characters that change the direction of the text hide what it says.
bool is_unprintable(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x202a && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069);
}

void append_escaped(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += text::join("\\x", kDigits[byte >> 4U], kDigits[byte & 15U]);
  }
}

std::string_view first_character(std::string_view text) {
  const std::size_t length = json::utf8_length(text);
  return text.substr(0, length == 0 ? 1 : length);
}

}  // namespace

Characters characters_of_locale(std::string_view lc_all, std::string_view lc_ctype, std::string_view lang) noexcept {
  const std::string_view name = !lc_all.empty() ? lc_all : !lc_ctype.empty() ? lc_ctype : lang;
  for (const std::string_view end : {".UTF-8", ".utf8", ".utf-8", ".UTF8"})
    if (name.substr(0, name.find('@')).ends_with(end)) return Characters::Utf8;
  return Characters::Ascii;
}

std::string printable_text(std::string_view text, Characters characters) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::string_view one = text.substr(0, 1);
    bool good = static_cast<unsigned char>(one.front()) < 0x80;
    if (!good && characters == Characters::Utf8) {
      const std::size_t length = json::utf8_length(text);
      good = length != 0;
      if (good) one = text.substr(0, length);
    }
    // So that "\x0a" in the text is not taken for a newline.
    const bool looks_escaped = one == "\\" && text.substr(1).starts_with('x');
    if (!good || looks_escaped || is_unprintable(code_point(one))) {
      append_escaped(out, one);
    } else {
      out += one;
    }
    text.remove_prefix(one.size());
  }
  return out;
}

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::string_view one = first_character(text);
    width += places_of(one);
    text.remove_prefix(one.size());
  }
  return width;
}

std::string_view cut_to_width(std::string_view text, std::size_t width) noexcept {
  std::size_t used = 0, length = 0;
  while (length < text.size()) {
    const std::string_view one = first_character(text.substr(length));
    used += places_of(one);
    if (used > width) break;
    length += one.size();
  }
  return text.substr(0, length);
}

}  // namespace caisson::app
