#include "toml/writer.hpp"

#include <algorithm>

namespace caisson::toml {

std::string written_key(std::string_view name) {
  const bool bare = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string(name) : written_text(name);
}

std::string written_text(std::string_view text) {
  constexpr std::string_view kNames = "btnfr\"\\", kMeant = "\b\t\n\f\r\"\\", kDigits = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (const std::size_t known = kMeant.find(c); known != std::string_view::npos) {
      out += '\\';
      out += kNames[known];
    } else if (code < 0x20 || code == 0x7f) {
      out += "\\u00";
      out += kDigits[code >> 4U];
      out += kDigits[code & 0xfU];
    } else {
      out += c;
    }
  }
  return out += '"';
}

}  // namespace caisson::toml
