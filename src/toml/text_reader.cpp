#include "toml/text_reader.hpp"

#include <cstdint>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace caisson::toml {
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | (code >> shift & 0x3fU)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0U | code >> 6U);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0U | code >> 12U);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0U | code >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

TextReader::TextReader(std::string_view text, std::string_view file) : text_(text), file_(file) {
  if (const std::size_t bad = text::find_not_text(text); bad != std::string_view::npos)
    refuse_at(bad, text[bad] == '\0' ? "a NUL byte" : "this is not UTF-8");
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool line_end = c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
    if ((c < 0x20 && c != '\t' && !line_end) || c == 0x7f)
      refuse_at(i, "a control character", "write it as \\u and four hexadecimal digits between double quotes");
  }
}

Place TextReader::place_at(std::size_t offset) const {
  if (offset < counted_) counted_ = 0, counted_to_ = {};
  for (; counted_ < offset; ++counted_) {
    ++counted_to_.column;
    if (text_[counted_] == '\n') counted_to_ = {.line = counted_to_.line + 1, .column = 1};
  }
  return counted_to_;
}

bool TextReader::take_if(char wanted) noexcept {
  if (at_end() || peek() != wanted) return false;
  ++at_;
  return true;
}

void TextReader::skip_blanks() noexcept {
  while (peek() == ' ' || peek() == '\t') ++at_;
}

bool TextReader::take_line_end() noexcept {
  if (sees("\r\n")) ++at_;
  return take_if('\n');
}

void TextReader::skip_space() {
  for (;;) {
    skip_blanks();
    if (peek() == '#')
      while (!at_end() && peek() != '\n' && !sees("\r\n")) ++at_;
    if (!take_line_end()) return;
  }
}

void TextReader::end_line() {
  skip_blanks();
  if (peek() == '#')
    while (!at_end() && peek() != '\n' && !sees("\r\n")) ++at_;
  if (!at_end() && !take_line_end()) refuse("expected the end of the line");
}

std::string_view TextReader::take_word(std::string_view besides) noexcept {
  const std::size_t begin = at_;
  while (is_bare(peek()) || (!at_end() && besides.find(peek()) != std::string_view::npos)) ++at_;
  return text_.substr(begin, at_ - begin);
}

std::string TextReader::take_string() {
  const char quote = peek();
  if (peek(1) == quote && peek(2) == quote) return take_long_string(quote);
  return take_short_string();
}

std::string TextReader::take_short_string() {
  const std::size_t begin = at_;
  const char quote = peek();
  if (peek(1) == quote && peek(2) == quote) refuse("a string of several lines cannot be a key");
  std::string out;
  for (++at_; !take_if(quote);) {
    if (at_end() || peek() == '\n' || sees("\r\n")) refuse_at(begin, "a string without its closing quote");
    if (quote == '"' && peek() == '\\')
      take_escape(out, begin);
    else
      out += text_[at_++];
  }
  return out;
}

std::string TextReader::take_long_string(char quote) {
  const std::size_t begin = at_;
  const std::string_view closing = quote == '"' ? "\"\"\"" : "'''";
  at_ += closing.size();
  take_line_end();
  std::string out;
  for (;;) {
    if (at_end()) refuse_at(begin, "a string without its closing quotes");
    if (sees(closing)) {
      // Up to two quotes may stand right before the closing ones.
      while (peek(3) == quote) {
        if (peek(4) == quote && peek(5) == quote) refuse_at(at_, "too many quotes at the end of a string");
        out += quote;
        ++at_;
      }
      at_ += closing.size();
      return out;
    }
    if (quote == '"' && peek() == '\\') {
      if (!take_folded_line()) take_escape(out, begin);
    } else if (take_line_end()) {
      out += '\n';
    } else {
      out += text_[at_++];
    }
  }
}

// A backslash at the end of a line takes all blanks and line ends up to the next text away.
bool TextReader::take_folded_line() {
  const std::size_t begin = at_++;
  skip_blanks();
  if (!take_line_end()) {
    at_ = begin;
    return false;
  }
  for (;;) {
    skip_blanks();
    if (!take_line_end()) return true;
  }
}

void TextReader::take_escape(std::string& out, std::size_t string_at) {
  constexpr std::string_view kNames = "btnfr\"\\", kMeant = "\b\t\n\f\r\"\\";
  if (at_ + 1 >= text_.size()) refuse_at(string_at, "a string without its closing quote");
  const char name = peek(1);
  if (const std::size_t known = kNames.find(name); known != std::string_view::npos) {
    out += kMeant[known];
    at_ += 2;
  } else if (name == 'u' || name == 'U') {
    add_code_point(out, name == 'u' ? 4 : 8);
  } else {
    refuse("unknown escape in a string", "single quotes take every character as it is");
  }
}

void TextReader::add_code_point(std::string& out, unsigned digits) {
  const std::string_view written = text_.substr(at_ + 2, digits);
  const auto code = written.size() == digits ? text::parse_number<std::uint32_t>(written, 16) : std::nullopt;
  if (!code) refuse(digits == 4 ? "\\u needs four hexadecimal digits" : "\\U needs eight hexadecimal digits");
  if (*code == 0) refuse("a NUL character in a string");
  if (*code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000)) refuse("this is no character of Unicode");
  append_utf8(out, *code);
  at_ += 2 + digits;
}

}  // namespace caisson::toml
