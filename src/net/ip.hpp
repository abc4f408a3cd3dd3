// Addresses of IPv4 and IPv6, and the ranges that they belong to, as values: reading, writing, counting.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caisson::net {

class Ip {
 public:
  Ip() = default;
  // 4 or 16 bytes in network order.
  explicit Ip(std::string_view bytes) noexcept;
  // "10.0.0.1", "fd00::1"; nothing for any other text (no leading zeros, no zone, no shortened IPv4).
  static std::optional<Ip> parse(std::string_view text) noexcept;

  bool is_v4() const noexcept { return size_ == 4; }
  bool is_v6() const noexcept { return size_ == 16; }
  bool given() const noexcept { return size_ != 0; }
  unsigned bits() const noexcept { return size_ * 8U; }
  std::string_view bytes() const noexcept { return {reinterpret_cast<const char*>(bytes_.data()), size_}; }
  std::string text() const;
  bool is_zero() const noexcept;      // 0.0.0.0, ::
  bool is_loopback() const noexcept;  // 127.0.0.0/8, ::1
  // This address and `count` further.
  Ip plus(std::uint64_t count) const noexcept;
  // With all bits behind the prefix cleared, or set.
  Ip first_of(unsigned prefix) const noexcept { return with_tail(prefix, 0x00); }
  Ip last_of(unsigned prefix) const noexcept { return with_tail(prefix, 0xff); }

  auto operator<=>(const Ip&) const = default;

 private:
  Ip with_tail(unsigned prefix, std::uint8_t fill) const noexcept;

  std::uint8_t size_ = 0;
  std::array<std::uint8_t, 16> bytes_{};
};

struct Subnet {
  Ip base;  // without bits behind the prefix
  unsigned prefix = 0;

  // "10.1.0.0/16"; with bits behind the prefix it is no subnet: nothing.
  static std::optional<Subnet> parse(std::string_view text) noexcept;
  std::string text() const;
  bool contains(const Ip& ip) const noexcept;
  bool overlaps(const Subnet& other) const noexcept;
  Ip last() const noexcept { return base.last_of(prefix); }
  bool operator==(const Subnet&) const = default;
};

}  // namespace caisson::net
