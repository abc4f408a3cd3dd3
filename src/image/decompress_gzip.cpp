#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/crc32.hpp"
#include "image/decompress.hpp"
#include "image/inflate.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kGzipInput = std::size_t{128} << 10;

[[noreturn]] void refuse(std::string_view problem) { throw Error(ErrorKind::Spec, text::join("gzip data ", problem)); }

// What passes is counted and summed up for the end of the member.
class SummedOutlet final : public Outlet {
 public:
  explicit SummedOutlet(Outlet& to) : to_(to) {}
  Room room() override { return room_ = to_.room(); }
  void wrote(std::size_t count) override {
    sum_ = crc32(sum_, {room_.begin, count});
    size_ += static_cast<std::uint32_t>(count);
    to_.wrote(count);
  }
  void begin() { sum_ = size_ = 0; }
  std::uint32_t sum() const noexcept { return sum_; }
  std::uint32_t size() const noexcept { return size_; }  // modulo 2^32, as gzip counts

 private:
  Outlet& to_;
  Room room_{};
  std::uint32_t sum_ = 0, size_ = 0;
};

class Gunzip {
 public:
  Gunzip(ByteSource& from, Outlet& to) : in_(from, buffer()), out_(to), inflate_(in_, out_) {}

  void all() {
    do {
      header();
      out_.begin();
      inflate_.stream();
      if (number() != out_.sum()) refuse("is damaged: its checksum is wrong");
      if (number() != out_.size()) refuse("is damaged: its length is wrong");
      skip_padding();
    } while (!in_.rest().empty());
  }

 private:
  // One for the program: memory of the shipped build is not given back.
  static std::span<char> buffer() {
    static std::vector<char> one(kGzipInput);
    return one;
  }

  unsigned byte() {
    const std::span<const char> rest = in_.rest();
    if (rest.empty()) refuse("is cut short");
    header_sum_ = crc32(header_sum_, {rest.data(), 1});
    in_.skip(1);
    return static_cast<unsigned char>(rest.front());
  }
  std::uint32_t number() {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value |= byte() << (8 * i);
    return value;
  }
  void skip_text() {
    while (byte() != 0) {
    }
  }

  void header() {
    constexpr unsigned kHeaderSum = 2, kExtra = 4, kName = 8, kComment = 16, kReserved = 0xe0, kDeflate = 8;
    header_sum_ = 0;
    if (byte() != 0x1f || byte() != 0x8b) refuse("is damaged: something else follows it");
    if (byte() != kDeflate) refuse("is damaged: an unknown way to compress");
    const unsigned flags = byte();
    if ((flags & kReserved) != 0) refuse("is damaged: unknown flags");
    for (unsigned i = 0; i < 6; ++i) byte();  // time, level, system
    if ((flags & kExtra) != 0)
      for (unsigned low = byte(), left = low | byte() << 8; left > 0; --left) byte();
    if ((flags & kName) != 0) skip_text();
    if ((flags & kComment) != 0) skip_text();
    if ((flags & kHeaderSum) == 0) return;
    const std::uint32_t expected = header_sum_ & 0xffff, low = byte();
    if ((low | byte() << 8) != expected) refuse("is damaged: the checksum of its header is wrong");
  }

  // Zeros behind the last member, as tapes and block devices add them.
  void skip_padding() {
    for (std::span<const char> rest = in_.rest(); !rest.empty() && rest.front() == '\0'; rest = in_.rest()) {
      std::size_t zeros = 0;
      while (zeros < rest.size() && rest[zeros] == '\0') ++zeros;
      in_.skip(zeros);
    }
  }

  BitSource in_;
  SummedOutlet out_;
  std::uint32_t header_sum_ = 0;
  Inflate inflate_;
};

}  // namespace

void gunzip(ByteSource& from, Outlet& to) { Gunzip(from, to).all(); }

}  // namespace caisson::image
