// Joining, splitting and number parsing without locale or iostream. Nothing here touches the system.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::text {

namespace detail {
inline void append(std::string& out, std::string_view part) { out.append(part); }
inline void append(std::string& out, char part) { out.push_back(part); }
template <std::integral Number>
requires(!std::same_as<Number, char> && !std::same_as<Number, bool>) void append(std::string& out, Number part) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, part);
  out.append(digits, static_cast<std::size_t>(end.ptr - digits));
}
}  // namespace detail

// join("mount ", path, " at fd ", 3): text of all parts, in order.
template <class... Parts>
std::string join(const Parts&... parts) {
  std::string out;
  (detail::append(out, parts), ...);
  return out;
}

// The whole of `digits` as a decimal number; nothing for an empty text, a sign where none fits, spaces, or overflow.
template <std::integral Number>
std::optional<Number> parse_number(std::string_view digits, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return value;
}

// Parts between separators; an empty text gives no part, "a,,b" gives three.
std::vector<std::string_view> split(std::string_view whole, char separator);
// Joins with a separator between parts.
std::string join_with(const std::vector<std::string>& parts, std::string_view separator);
std::string_view trim(std::string_view whole);
std::string octal(std::uint32_t mode);            // 420 -> "0644"
std::string hex(std::uint64_t number);            // 255 -> "0xff"
std::string hexadecimal(std::string_view bytes);  // "0a1b"
std::string lower_case(std::string_view whole);   // ASCII only
std::string upper_case(std::string_view whole);   // ASCII only
// For messages: the text in double quotes with control characters, quotes and backslashes escaped.
std::string quoted(std::string_view whole);
// Removes "." and empty components and resolves ".." lexically; an absolute path stays below "/". No system call.
std::string clean_path(std::string_view path);

}  // namespace caisson::text
