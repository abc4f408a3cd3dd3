#include "net/addresses.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/text.hpp"

namespace caisson::net {
namespace {

constexpr char kDigits[] = "0123456789abcdef";
constexpr std::size_t kGroups = 8;

using Groups = std::array<unsigned, kGroups>;

void append_group(std::string& out, unsigned group) {
  for (int shift = 12; shift >= 0; shift -= 4)
    if (group >> shift != 0 || shift == 0) out += kDigits[group >> shift & 0xf];
}

struct Run {
  std::size_t begin = kGroups, length = 0;
};

// The first of the longest runs of zeros; one zero alone is written out.
Run longest_zeros(const Groups& groups) {
  Run best;
  for (std::size_t i = 0; i < kGroups; ++i) {
    std::size_t end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i >= 2 && end - i > best.length) best = {i, end - i};
  }
  return best;
}

std::string dotted(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  return text::join(at(0), ".", at(1), ".", at(2), ".", at(3));
}

std::string six(std::string_view bytes) {
  Groups groups{};
  for (std::size_t i = 0; i < kGroups; ++i)
    groups[i] =
        static_cast<unsigned>(static_cast<std::uint8_t>(bytes[2 * i])) << 8 | static_cast<std::uint8_t>(bytes[2 * i + 1]);
  const bool mapped = std::all_of(groups.begin(), groups.begin() + 5, [](unsigned g) { return g == 0; }) && groups[5] == 0xffff;
  if (mapped) return "::ffff:" + dotted(bytes.substr(12));
  const Run zeros = longest_zeros(groups);
  std::string out;
  for (std::size_t i = 0; i < kGroups;) {
    if (i == zeros.begin) {
      out += "::";
      i += zeros.length;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    append_group(out, groups[i++]);
  }
  return out;
}

}  // namespace

std::string ip_text(std::string_view bytes) {
  if (bytes.size() == 4) return dotted(bytes);
  if (bytes.size() == 16) return six(bytes);
  return {};
}

std::string hardware_text(std::string_view bytes) {
  if (std::ranges::all_of(bytes, [](char byte) { return byte == 0; })) return {};
  std::string out;
  for (const char byte : bytes) {
    if (!out.empty()) out += ':';
    out += kDigits[static_cast<std::uint8_t>(byte) >> 4];
    out += kDigits[static_cast<std::uint8_t>(byte) & 0xf];
  }
  return out;
}

}  // namespace caisson::net
