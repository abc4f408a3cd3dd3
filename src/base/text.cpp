#include "base/text.hpp"

#include <algorithm>

#include "base/printable.hpp"

namespace caisson::text {

std::vector<std::string_view> split(std::string_view whole, char separator) {
  std::vector<std::string_view> parts;
  if (whole.empty()) return parts;
  for (;;) {
    const std::size_t at = whole.find(separator);
    parts.push_back(whole.substr(0, at));
    if (at == std::string_view::npos) return parts;
    whole.remove_prefix(at + 1);
  }
}

std::string join_with(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out.append(separator);
    out += part;
  }
  return out;
}

std::string_view trim(std::string_view whole) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = whole.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return whole.substr(first, whole.find_last_not_of(kBlank) - first + 1);
}

std::string octal(std::uint32_t mode) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, mode, 8);
  return "0" + std::string(digits, end.ptr);
}

std::string hex(std::uint64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, 16);
  return "0x" + std::string(digits, end.ptr);
}

std::string lower_case(std::string_view whole) {
  std::string out(whole);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string upper_case(std::string_view whole) {
  std::string out(whole);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

namespace {

// Bytes of the character at the front that a terminal shows; 0: one byte that must not reach it.
std::size_t shown_length(std::string_view text) noexcept {
  const auto byte = [text](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return first < 0x20 || first == 0x7f ? 0 : 1;
  const std::size_t length = first >= 0xf5 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  for (std::size_t at = 1; at < length; ++at)
    if ((byte(at) & 0xc0) != 0x80) return 0;
  const bool c1 = first == 0xc2 && byte(1) < 0xa0;
  return c1 ? 0 : length;
}

}  // namespace

std::string hexadecimal(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string digits;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    digits += kDigits[byte >> 4];
    digits += kDigits[byte & 15];
  }
  return digits;
}

std::string quoted(std::string_view whole) {
  std::string out = "\"";
  while (!whole.empty()) {
    const std::size_t shown = shown_length(whole);
    const auto byte = static_cast<unsigned char>(whole.front());
    if (byte == '"' || byte == '\\') out += '\\';
    if (shown == 0) {
      out += "\\x";
      out += hexadecimal(whole.substr(0, 1));
    } else {
      out += whole.substr(0, shown);
    }
    whole.remove_prefix(shown == 0 ? 1 : shown);
  }
  return out += '"';
}

bool has_control(std::string_view whole) noexcept {
  while (!whole.empty()) {
    const std::size_t shown = shown_length(whole);
    if (shown == 0) return true;
    whole.remove_prefix(shown);
  }
  return false;
}

std::string printable(std::string_view whole) { return has_control(whole) ? quoted(whole) : std::string(whole); }

std::string clean_path(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::string out;
  out.reserve(path.size() + 1);
  if (absolute) out = '/';
  std::size_t fixed = out.size();  // the root, or leading ".."s: what a ".." can't take away
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part.empty() || part == "." || (part == ".." && absolute && out.size() == fixed)) continue;
    if (part == ".." && out.size() > fixed) {
      const std::size_t slash = out.rfind('/');
      out.resize(slash == std::string::npos ? fixed : std::max(slash, fixed));
      continue;
    }
    if (!out.empty() && out.back() != '/') out += '/';
    out += part;
    if (part == "..") fixed = out.size();
  }
  if (out.empty()) out = ".";
  return out;
}

}  // namespace caisson::text
