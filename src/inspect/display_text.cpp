#include "inspect/display_text.hpp"

#include "base/character_width.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace caisson::inspect {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

}  // namespace

std::string displayable(std::string_view text, std::size_t most_characters) {
  std::string out;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == most_characters) return out + "…";
    const text::Character next = text::first_character(text);
    const bool is_character = next.bytes.size() > 1 || next.code < 0x80;
    out += is_character && !text::is_undrawable(next.code) ? next.bytes : kReplacement;
    text.remove_prefix(next.bytes.size());
  }
  return out;
}

std::string clipped(std::string_view text, std::size_t columns, std::string_view mark) {
  if (text::columns_of(text) <= columns) return std::string(text);
  return columns == 0 ? std::string() : text::join(text::cut_to_columns(text, columns - 1), mark);
}

}  // namespace caisson::inspect
