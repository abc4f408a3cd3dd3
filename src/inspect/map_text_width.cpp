#include <array>

#include "base/character_width.hpp"
#include "base/utf8.hpp"
#include "inspect/map_layout.hpp"

namespace caisson::inspect {
namespace {

struct Font {
  int size;
  bool fixed_width;
  int bold_percent;
};

Font font_of(TextRole role) {
  switch (role) {
    case TextRole::Heading:
      return {20, false, 110};
    case TextRole::Note:
      return {12, false, 100};
    case TextRole::FrameLabel:
      return {12, false, 110};
    case TextRole::CardName:
      return {13, false, 110};
    case TextRole::CardTag:
      return {10, false, 100};
    case TextRole::CardLine:
      return {11, true, 100};
    case TextRole::WireLabel:
      return {10, false, 100};
  }
  return {12, false, 100};
}

// In hundredths of the font's size: the widest of the usual sans-serif faces (DejaVu Sans), rounded up.
int advance(char32_t code, const Font& font) {
  const int columns = text::columns_of(code);
  if (columns == 0) return 0;
  if (columns == 2) return 125;
  if (font.fixed_width) return code < 0x80 ? 61 : 90;
  constexpr std::u32string_view kNarrow = U"iljtfr.,:;|!'()[] ", kBroad = U"mwMW@%";
  if (kNarrow.find(code) != std::u32string_view::npos) return 42;
  if (kBroad.find(code) != std::u32string_view::npos) return 100;
  if (code >= 0x80) return 90;
  return code >= U'A' && code <= U'Z' ? 79 : 66;
}

}  // namespace

int font_size(TextRole role) { return font_of(role).size; }

int text_width(TextRole role, std::string_view text) {
  const Font font = font_of(role);
  int hundredths = 0;
  while (!text.empty()) {
    const text::Character character = text::first_character(text);
    hundredths += advance(character.code, font);
    text.remove_prefix(character.bytes.size());
  }
  return (hundredths * font.size * font.bold_percent + 9999) / 10000;
}

std::string fitted(TextRole role, std::string_view text, int width) {
  if (text_width(role, text) <= width) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const text::Character character = text::first_character(text);
    if (text_width(role, out + std::string(character.bytes) + "…") > width) break;
    out += character.bytes;
    text.remove_prefix(character.bytes.size());
  }
  return out + "…";
}

}  // namespace caisson::inspect
