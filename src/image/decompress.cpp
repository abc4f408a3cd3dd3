#include "image/decompress.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::image {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kInput = std::size_t{64} << 10;
constexpr std::size_t kLongestMark = 6;

struct Mark {
  std::string_view begin;
  Compression kind;
};
constexpr std::array<Mark, 3> kMarks = {{
    {"\x1f\x8b"sv, Compression::Gzip},
    {"\x28\xb5\x2f\xfd"sv, Compression::Zstd},
    {"\xfd\x37\x7a\x58\x5a\x00"sv, Compression::Xz},
}};
struct Unsupported {
  std::string_view begin, name;
};
constexpr std::array<Unsupported, 2> kUnsupported = {{{"BZh"sv, "bzip2"}, {"\x04\x22\x4d\x18"sv, "lz4"}}};

// A frame that zstd decoders skip, which other programs put first: 0x184D2A50 to 5F, little-endian.
bool is_skippable_zstd(std::string_view begin) {
  return begin.size() >= 4 && (begin[0] & '\xf0') == '\x50' && begin.substr(1, 3) == "\x2a\x4d\x18"sv;
}

// One for the program: memory of the shipped build is not given back, and nothing compressed is read inside of another.
char* input_buffer() {
  static std::vector<char> buffer(kInput);
  return buffer.data();
}

std::unique_ptr<Decompressed::Decoder> decoder_of(Compression kind) {
  switch (kind) {
    case Compression::Gzip:
      return gzip_decoder();
    case Compression::Zstd:
      return zstd_decoder();
    case Compression::Xz:
      return xz_decoder();
    case Compression::None:
      break;
  }
  return nullptr;
}

}  // namespace

std::string_view name_of(Compression kind) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"none", "gzip", "zstd", "xz"};
  return kNames[static_cast<std::size_t>(kind)];
}

Compression sniff(std::string_view begin) {
  for (const Mark& mark : kMarks)
    if (begin.starts_with(mark.begin)) return mark.kind;
  if (is_skippable_zstd(begin)) return Compression::Zstd;
  for (const Unsupported& other : kUnsupported)
    if (begin.starts_with(other.begin))
      throw Error(ErrorKind::Spec, text::join("compressed by ", other.name, ", which is not supported"))
          .with_hint("uncompress it first; gzip, zstd and xz are read as they are");
  return Compression::None;
}

Decompressed::Input::Input(ByteSource& from) : from_(from), buffer_(input_buffer()) {}

bool Decompressed::Input::refill() {
  at_ = 0;
  filled_ = from_.read({buffer_, kInput});
  return filled_ > 0;
}

void Decompressed::Input::look_ahead(std::size_t count) {
  while (filled_ < count) {
    const std::size_t got = from_.read({buffer_ + filled_, kInput - filled_});
    if (got == 0) return;
    filled_ += got;
  }
}

Decompressed::Decompressed(ByteSource& from) : input_(from) {
  input_.look_ahead(kLongestMark);
  kind_ = sniff(input_.rest());
  decoder_ = decoder_of(kind_);
}

Decompressed::~Decompressed() = default;

std::size_t Decompressed::read(std::span<char> into) {
  if (decoder_ != nullptr) return decoder_->read(input_, into);
  if (input_.rest().empty() && !input_.refill()) return 0;
  const std::size_t count = std::min(into.size(), input_.rest().size());
  std::memcpy(into.data(), input_.rest().data(), count);
  input_.use(count);
  return count;
}

}  // namespace caisson::image
