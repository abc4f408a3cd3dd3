#include "json/writer.hpp"

#include "json/utf8.hpp"

namespace caisson::json {

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

void Writer::append_quoted(std::string_view value) {
  constexpr char kDigits[] = "0123456789abcdef";
  out_ += '"';
  while (!value.empty()) {
    const auto byte = static_cast<unsigned char>(value.front());
    std::size_t length = 1;
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
      length = utf8_length(value);
      if (length == 0) {
        out_ += "\xef\xbf\xbd";
        length = 1;
      } else {
        out_ += value.substr(0, length);
      }
    }
    value.remove_prefix(length);
  }
  out_ += '"';
}

}  // namespace caisson::json
