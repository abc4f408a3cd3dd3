#include "json/writer.hpp"

#include <algorithm>

#include "json/utf8.hpp"

namespace caisson::json {
namespace {

// ASCII but for control characters, the quotation mark and the backslash.
bool stands_as_it_is(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

}  // namespace

Writer& Writer::key(std::string_view name) {
  begin_value();
  append_quoted(name);
  out_ += style_.indent.empty() ? ":" : ": ";
  after_key_ = true;
  return *this;
}

Writer& Writer::string(std::string_view value) {
  begin_value();
  append_quoted(value);
  return *this;
}

Writer& Writer::open(char bracket) {
  begin_value();
  out_ += bracket;
  ++depth_;
  empty_ = true;
  return *this;
}

Writer& Writer::close(char bracket) {
  --depth_;
  if (!empty_) new_line();
  out_ += bracket;
  empty_ = false;
  return *this;
}

Writer& Writer::scalar(std::string_view written) {
  begin_value();
  out_ += written;
  return *this;
}

// Puts the comma and the line break that come before a key or an element.
void Writer::begin_value() {
  if (after_key_ || depth_ == 0) {
    after_key_ = false;
    return;
  }
  if (!empty_) out_ += ',';
  empty_ = false;
  new_line();
}

void Writer::new_line() {
  if (style_.indent.empty()) return;
  out_ += '\n';
  for (std::size_t i = 0; i < depth_; ++i) out_ += style_.indent;
}

// Long runs of what needs no escape are appended at once: nearly all that is ever written is one.
void Writer::append_quoted(std::string_view value) {
  out_ += '"';
  while (!value.empty()) {
    const auto special = std::ranges::find_if_not(value, stands_as_it_is);
    const auto plain = static_cast<std::size_t>(special - value.begin());
    out_.append(value.data(), plain);
    value.remove_prefix(plain);
    if (!value.empty()) value.remove_prefix(append_special(value));
  }
  out_ += '"';
}

std::size_t Writer::append_special(std::string_view value) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(value.front());
  if (byte == '"' || byte == '\\') {
    out_ += '\\';
    out_ += value.front();
  } else if (byte == '\n') {
    out_ += "\\n";
  } else if (byte == '\t') {
    out_ += "\\t";
  } else if (byte == '\r') {
    out_ += "\\r";
  } else if (byte < 0x20) {
    out_ += "\\u00";
    out_ += kDigits[byte >> 4];
    out_ += kDigits[byte & 15];
  } else {
    const std::size_t length = utf8_length(value);
    out_ += length == 0 ? std::string_view("\xef\xbf\xbd") : value.substr(0, length);
    return std::max<std::size_t>(length, 1);
  }
  return 1;
}

}  // namespace caisson::json
