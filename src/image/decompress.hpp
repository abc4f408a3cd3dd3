// Content as it was before it was compressed. What it is compressed by is told from its first bytes, never from a name or media
// type, which are often wrong. gzip (RFC 1952, any number of members), zstd (any number of frames), xz, or nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "image/byte_source.hpp"
#include "image/outlet.hpp"

namespace caisson::image {

enum class Compression : std::uint8_t { None, Gzip, Zstd, Xz };
std::string_view name_of(Compression kind) noexcept;
inline constexpr std::size_t kLongestMark = 6;
// begin: at least kLongestMark bytes, unless the content is shorter. Throws Error(Spec) for bzip2 and lz4, which are known but
// not supported.
Compression sniff(std::string_view begin);

// All of the source into the outlet. One at a time in a program: they share their memory. Throws Error(Spec) for data that is
// damaged.
void decompress(Compression kind, ByteSource& from, Outlet& to);

void gunzip(ByteSource& from, Outlet& to);

// Decoders of libraries read what is compressed from an input, and fill what they are given.
class DecoderInput {
 public:
  explicit DecoderInput(ByteSource& from);
  std::string_view rest() const noexcept { return {buffer_ + at_, filled_ - at_}; }
  void use(std::size_t count) noexcept { at_ += count; }
  bool refill();  // false at the end; only when nothing is left

 private:
  ByteSource& from_;
  char* buffer_;
  std::size_t at_ = 0, filled_ = 0;
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual std::size_t read(DecoderInput& input, std::span<char> into) = 0;  // 0 at the end
};

std::unique_ptr<Decoder> zstd_decoder();
std::unique_ptr<Decoder> xz_decoder();

}  // namespace caisson::image
