#include "inspect/display_text.hpp"

#include "base/character_width.hpp"
#include "json/utf8.hpp"

namespace caisson::inspect {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

}  // namespace

std::string displayable(std::string_view text, std::size_t most_characters) {
  std::string out;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == most_characters) return out + "…";
    const json::Character next = json::first_character(text);
    const bool is_character = next.bytes.size() > 1 || next.code < 0x80;
    out += is_character && !text::is_undrawable(next.code) ? next.bytes : kReplacement;
    text.remove_prefix(next.bytes.size());
  }
  return out;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const json::Character character = json::first_character(text);
    columns += static_cast<std::size_t>(text::columns_of(character.code));
    text.remove_prefix(character.bytes.size());
  }
  return columns;
}

std::string clipped(std::string_view text, std::size_t columns, std::string_view mark) {
  if (columns_of(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::string out;
  for (std::size_t used = 1; !text.empty();) {
    const json::Character character = json::first_character(text);
    used += static_cast<std::size_t>(text::columns_of(character.code));
    if (used > columns) break;
    out += character.bytes;
    text.remove_prefix(character.bytes.size());
  }
  return out + std::string(mark);
}

}  // namespace caisson::inspect
