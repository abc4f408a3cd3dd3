#include "net/ip.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "net/addresses.hpp"

namespace caisson::net {
namespace {

constexpr std::size_t kGroupsOfSix = 8;

// A decimal number without leading zeros, which some programs take for octal.
std::optional<std::uint8_t> octet(std::string_view digits) {
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  return text::parse_number<std::uint8_t>(digits);
}

std::optional<std::string> four(std::string_view text) {
  const auto parts = text::split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::string bytes;
  for (const std::string_view part : parts) {
    const auto number = octet(part);
    if (!number) return std::nullopt;
    bytes += static_cast<char>(*number);
  }
  return bytes;
}

// Groups between colons; the last may be an IPv4 address. Nothing for an empty or bad group.
std::optional<std::string> groups(std::string_view text) {
  std::string bytes;
  if (text.empty()) return bytes;
  const auto parts = text::split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 == parts.size() && parts[i].find('.') != std::string_view::npos) {
      const auto tail = four(parts[i]);
      if (!tail) return std::nullopt;
      return bytes + *tail;
    }
    const bool hex = !parts[i].empty() && parts[i].size() <= 4 && parts[i].front() != '-';
    const auto number = hex ? text::parse_number<std::uint16_t>(parts[i], 16) : std::nullopt;
    if (!number) return std::nullopt;
    bytes += static_cast<char>(*number >> 8);
    bytes += static_cast<char>(*number & 0xff);
  }
  return bytes;
}

std::optional<std::string> sixteen(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    auto whole = groups(text);
    return whole && whole->size() == 2 * kGroupsOfSix ? whole : std::nullopt;
  }
  const auto front = groups(text.substr(0, gap));
  const std::string_view rest = text.substr(gap + 2);
  const bool dotted_front = text.substr(0, gap).find('.') != std::string_view::npos;
  if (!front || rest.starts_with(':') || dotted_front) return std::nullopt;
  const auto back = groups(rest);
  if (!back || front->size() + back->size() > 2 * (kGroupsOfSix - 1)) return std::nullopt;
  return *front + std::string(2 * kGroupsOfSix - front->size() - back->size(), '\0') + *back;
}

}  // namespace

Ip::Ip(std::string_view bytes) noexcept {
  if (bytes.size() != 4 && bytes.size() != 16) return;
  size_ = static_cast<std::uint8_t>(bytes.size());
  std::ranges::transform(bytes, bytes_.begin(), [](char byte) { return static_cast<std::uint8_t>(byte); });
}

std::optional<Ip> Ip::parse(std::string_view text) noexcept {
  const auto bytes = text.find(':') == std::string_view::npos ? four(text) : sixteen(text);
  if (!bytes || (bytes->size() != 4 && bytes->size() != 16)) return std::nullopt;
  return Ip(*bytes);
}

std::string Ip::text() const { return ip_text(bytes()); }

bool Ip::is_zero() const noexcept {
  return std::ranges::all_of(bytes_, [](std::uint8_t byte) { return byte == 0; });
}

bool Ip::is_loopback() const noexcept {
  if (is_v4()) return bytes_[0] == 127;
  return is_v6() && bytes_[15] == 1 &&
         std::all_of(bytes_.begin(), bytes_.end() - 1, [](std::uint8_t byte) { return byte == 0; });
}

Ip Ip::plus(std::uint64_t count) const noexcept {
  Ip sum = *this;
  for (std::size_t i = size_; i-- > 0 && count != 0;) {
    count += sum.bytes_[i];
    sum.bytes_[i] = static_cast<std::uint8_t>(count & 0xff);
    count >>= 8;
  }
  return sum;
}

Ip Ip::with_tail(unsigned prefix, std::uint8_t fill) const noexcept {
  Ip out = *this;
  for (unsigned i = 0; i < size_; ++i) {
    const unsigned kept = std::clamp<unsigned>(prefix > i * 8 ? prefix - i * 8 : 0, 0, 8);
    const auto mask = static_cast<std::uint8_t>(0xff00U >> kept);
    out.bytes_[i] = static_cast<std::uint8_t>((bytes_[i] & mask) | (fill & ~mask));
  }
  return out;
}

std::optional<Subnet> Subnet::parse(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto base = Ip::parse(text.substr(0, slash));
  const auto prefix = text::parse_number<unsigned>(text.substr(slash + 1));
  if (!base || !prefix || *prefix > base->bits() || base->first_of(*prefix) != *base) return std::nullopt;
  return Subnet{*base, *prefix};
}

std::string Subnet::text() const { return text::join(base.text(), "/", prefix); }

bool Subnet::contains(const Ip& ip) const noexcept { return ip.bits() == base.bits() && ip.first_of(prefix) == base; }

bool Subnet::overlaps(const Subnet& other) const noexcept { return contains(other.base) || other.contains(base); }

}  // namespace caisson::net
