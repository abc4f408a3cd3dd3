#include <array>

#include "app/column_table.hpp"
#include "base/text.hpp"
#include "json/utf8.hpp"

namespace caisson::app {

namespace {

struct Range {
  char32_t first, last;
};
// East Asian wide and emoji; ranges that nothing narrow stands in (Unicode 15, EastAsianWidth).
constexpr std::array kTwoPlaces{Range{0x1100, 0x115f},   Range{0x2e80, 0x303e},   Range{0x3041, 0xa4cf},  Range{0xac00, 0xd7a3},
                                Range{0xf900, 0xfaff},   Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},  Range{0xffe0, 0xffe6},
                                Range{0x1f300, 0x1f64f}, Range{0x1f900, 0x1f9ff}, Range{0x20000, 0x3fffd}};
constexpr std::array kNoPlace{Range{0x300, 0x36f}, Range{0x200b, 0x200f}, Range{0x20d0, 0x20ff}, Range{0xfe00, 0xfe0f}};

template <class Ranges>
bool in(const Ranges& ranges, char32_t point) {
  for (const Range& range : ranges)
    if (point >= range.first && point <= range.last) return true;
  return false;
}

std::size_t places_of(char32_t point) { return in(kTwoPlaces, point) ? 2 : in(kNoPlace, point) ? 0 : 1; }

// C1 controls move the cursor too, and characters that change the direction of the text hide what it says.
bool is_unprintable(char32_t point) {
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
    const json::Character next = characters == Characters::Utf8
                                     ? json::first_character(text)
                                     : json::Character{text.substr(0, 1), static_cast<unsigned char>(text.front())};
    const bool good = next.bytes.size() > 1 || next.code < 0x80;
    // So that "\x0a" in the text is not taken for a newline.
    const bool looks_escaped = next.bytes == "\\" && text.substr(1).starts_with('x');
    if (!good || looks_escaped || is_unprintable(next.code)) {
      append_escaped(out, next.bytes);
    } else {
      out += next.bytes;
    }
    text.remove_prefix(next.bytes.size());
  }
  return out;
}

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    const json::Character next = json::first_character(text);
    width += places_of(next.code);
    text.remove_prefix(next.bytes.size());
  }
  return width;
}

std::string_view cut_to_width(std::string_view text, std::size_t width) noexcept {
  std::size_t used = 0, length = 0;
  while (length < text.size()) {
    const json::Character next = json::first_character(text.substr(length));
    used += places_of(next.code);
    if (used > width) break;
    length += next.bytes.size();
  }
  return text.substr(0, length);
}

}  // namespace caisson::app
