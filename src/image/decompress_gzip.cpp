// zlib undoes one member after the other; its memory is kept for the next content.
#include <zlib.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/decompress.hpp"

namespace caisson::image {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;

[[noreturn]] void refuse(std::string_view problem) { throw Error(ErrorKind::Spec, text::join("gzip data ", problem)); }

// One for the program: memory of the shipped build is not given back.
z_stream& gzip_stream() {
  static z_stream one{};
  static const bool made = inflateInit2(&one, kGzipOnly) == Z_OK;
  if (!made) throw Error(ErrorKind::Host, "gzip: no memory");
  return one;
}

class GzipDecoder final : public Decompressed::Decoder {
 public:
  GzipDecoder() { inflateReset2(&gzip_stream(), kGzipOnly); }

  std::size_t read(Decompressed::Input& input, std::span<char> into) override {
    z_stream& one = gzip_stream();
    one.next_out = reinterpret_cast<Bytef*>(into.data());
    one.avail_out = static_cast<uInt>(into.size());
    while (one.avail_out > 0 && !ended_) step(one, input);
    return into.size() - one.avail_out;
  }

 private:
  void step(z_stream& one, Decompressed::Input& input) {
    if (input.rest().empty() && !input.refill()) {
      if (inside_) refuse("is cut short");
      ended_ = true;
      return;
    }
    if (!inside_ && members_ > 0 && skips_padding(input)) return;
    inside_ = true;
    const std::string_view rest = input.rest();
    one.next_in = reinterpret_cast<const Bytef*>(rest.data());
    one.avail_in = static_cast<uInt>(rest.size());
    const int result = inflate(&one, Z_NO_FLUSH);
    input.use(rest.size() - one.avail_in);
    if (result == Z_STREAM_END) {
      inside_ = false;
      ++members_;
      inflateReset(&one);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      refuse(one.msg == nullptr ? std::string_view("is damaged") : text::join("is damaged: ", one.msg));
    }
  }

  // Zeros behind the last member, as tapes and block devices add them.
  bool skips_padding(Decompressed::Input& input) {
    const std::string_view rest = input.rest();
    const std::size_t zeros = std::min(rest.find_first_not_of('\0'), rest.size());
    input.use(zeros);
    return zeros > 0;
  }

  bool inside_ = false, ended_ = false;
  std::size_t members_ = 0;
};

}  // namespace

std::unique_ptr<Decompressed::Decoder> gzip_decoder() { return std::make_unique<GzipDecoder>(); }

}  // namespace caisson::image
