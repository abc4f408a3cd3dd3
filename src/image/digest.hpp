// The name of content: "sha256:" and 64 lower-case hexadecimal digits. Only a text that was read as a Digest may become part of
// a path (CVE-2024-3727).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "image/sha256.hpp"

namespace caisson::image {

class Digest {
 public:
  static constexpr std::size_t kHexDigits = 64;

  // Throws Error(Spec) for anything else; sha512 and others are named as not supported.
  static Digest parse(std::string_view text);
  static std::optional<Digest> from_hex(std::string_view hex);  // the 64 digits alone
  static Digest of(std::string_view content);
  explicit Digest(const Sha256Value& value);

  const std::string& hex() const noexcept { return hex_; }
  std::string text() const { return "sha256:" + hex_; }
  bool operator==(const Digest&) const = default;

 private:
  Digest() = default;
  std::string hex_;
};

}  // namespace caisson::image
