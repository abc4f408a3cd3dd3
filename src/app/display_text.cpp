#include "app/column_table.hpp"
#include "base/character_width.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace caisson::app {

namespace {

void append_escaped(std::string& out, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) out += text::join("\\x", text::hexadecimal(bytes.substr(i, 1)));
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
    const text::Character next = characters == Characters::Utf8
                                     ? text::first_character(text)
                                     : text::Character{text.substr(0, 1), static_cast<unsigned char>(text.front())};
    const bool good = next.bytes.size() > 1 || next.code < 0x80;
    // So that "\x0a" in the text is not taken for a newline.
    const bool looks_escaped = next.bytes == "\\" && text.substr(1).starts_with('x');
    if (!good || looks_escaped || text::is_undrawable(next.code)) {
      append_escaped(out, next.bytes);
    } else {
      out += next.bytes;
    }
    text.remove_prefix(next.bytes.size());
  }
  return out;
}

}  // namespace caisson::app
