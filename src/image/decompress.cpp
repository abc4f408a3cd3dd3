#include "image/decompress.hpp"

#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::image {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kInput = std::size_t{64} << 10;

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

void decode(Decoder& decoder, ByteSource& from, Outlet& to) {
  DecoderInput input(from);
  for (;;) {
    const Outlet::Room room = to.room();
    const std::size_t made = decoder.read(input, {room.begin, room.size});
    to.wrote(made);
    if (made == 0) return;
  }
}

void copy(ByteSource& from, Outlet& to) {
  for (;;) {
    const Outlet::Room room = to.room();
    const std::size_t got = from.read({room.begin, room.size});
    to.wrote(got);
    if (got == 0) return;
  }
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

DecoderInput::DecoderInput(ByteSource& from) : from_(from), buffer_(input_buffer()) {}

bool DecoderInput::refill() {
  at_ = 0;
  filled_ = from_.read({buffer_, kInput});
  return filled_ > 0;
}

void decompress(Compression kind, ByteSource& from, Outlet& to) {
  switch (kind) {
    case Compression::Gzip:
      return gunzip(from, to);
    case Compression::Zstd:
      return decode(*zstd_decoder(), from, to);
    case Compression::Xz:
      return decode(*xz_decoder(), from, to);
    case Compression::None:
      return copy(from, to);
  }
}

}  // namespace caisson::image
