#include "base/json_text.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace caisson::text {
namespace {

// ASCII but for control characters, the quotation mark and the backslash.
bool stands_as_it_is(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

// The first character; how many bytes it has.
std::size_t append_special(std::string& out, std::string_view value) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(value.front());
  if (byte == '"' || byte == '\\') {
    out += '\\';
    out += value.front();
  } else if (byte == '\n') {
    out += "\\n";
  } else if (byte == '\t') {
    out += "\\t";
  } else if (byte == '\r') {
    out += "\\r";
  } else if (byte < 0x20) {
    out += "\\u00";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  } else {
    const std::size_t length = utf8_length(value);
    out += length == 0 ? std::string_view("\xef\xbf\xbd") : value.substr(0, length);
    return std::max<std::size_t>(length, 1);
  }
  return 1;
}

}  // namespace

// Long runs of what needs no escape are appended at once: nearly all that is ever written is one.
void append_json(std::string& out, std::string_view value) {
  out += '"';
  while (!value.empty()) {
    const auto special = std::ranges::find_if_not(value, stands_as_it_is);
    const auto plain = static_cast<std::size_t>(special - value.begin());
    out.append(value.data(), plain);
    value.remove_prefix(plain);
    if (!value.empty()) value.remove_prefix(append_special(out, value));
  }
  out += '"';
}

}  // namespace caisson::text
