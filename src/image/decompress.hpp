// Content as it was before it was compressed. What it is compressed by is told from its first bytes, never from a name or media
// type, which are often wrong. gzip (RFC 1952, any number of members), zstd (any number of frames), xz, or nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "image/byte_source.hpp"

namespace caisson::image {

enum class Compression : std::uint8_t { None, Gzip, Zstd, Xz };
std::string_view name_of(Compression kind) noexcept;
// begin: at least 6 bytes, unless the content is shorter. Throws Error(Spec) for bzip2 and lz4, which are known but not
// supported.
Compression sniff(std::string_view begin);

// One at a time in a program: they share their memory.
class Decompressed final : public ByteSource {
 public:
  // Looks at the first bytes at once.
  explicit Decompressed(ByteSource& from);
  ~Decompressed() override;
  Compression kind() const noexcept { return kind_; }
  std::size_t read(std::span<char> into) override;

  // The compressed bytes that are not yet used, and more of them when all are.
  class Input {
   public:
    explicit Input(ByteSource& from);
    std::string_view rest() const noexcept { return {buffer_ + at_, filled_ - at_}; }
    void use(std::size_t count) noexcept { at_ += count; }
    bool refill();  // false at the end; only when nothing is left
    void look_ahead(std::size_t count);

   private:
    ByteSource& from_;
    char* buffer_;
    std::size_t at_ = 0, filled_ = 0;
  };

  class Decoder {
   public:
    virtual ~Decoder() = default;
    virtual std::size_t read(Input& input, std::span<char> into) = 0;
  };

 private:
  Input input_;
  Compression kind_;
  std::unique_ptr<Decoder> decoder_;  // none: nothing to undo
};

std::unique_ptr<Decompressed::Decoder> gzip_decoder();
std::unique_ptr<Decompressed::Decoder> zstd_decoder();
std::unique_ptr<Decompressed::Decoder> xz_decoder();

}  // namespace caisson::image
