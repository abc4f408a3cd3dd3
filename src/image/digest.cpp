#include "image/digest.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::image {
namespace {

constexpr std::string_view kAlgorithm = "sha256:";

}  // namespace

std::optional<Digest> Digest::from_hex(std::string_view hex) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (hex.size() != Digest::kHexDigits || !std::ranges::all_of(hex, is_digit)) return std::nullopt;
  Digest digest;
  digest.hex_ = hex;
  return digest;
}

Digest Digest::parse(std::string_view text) {
  if (text.starts_with(kAlgorithm))
    if (auto digest = from_hex(text.substr(kAlgorithm.size()))) return *digest;
  Error error(ErrorKind::Spec, text::join("digest ", text::quoted(text), ": not sha256: and 64 hexadecimal digits"));
  if (text.starts_with("sha512:") || text.starts_with("blake3:")) error.with_hint("only sha256 is part of this version");
  throw error;
}

Digest::Digest(const Sha256Value& value)
    : hex_(text::hexadecimal({reinterpret_cast<const char*>(value.data()), value.size()})) {}

Digest Digest::of(std::string_view content) {
  Sha256 hash;
  hash.add(content);
  return Digest(hash.finish());
}

}  // namespace caisson::image
