#include <lzma.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/decompress.hpp"

namespace caisson::image {
namespace {

constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 28;

std::string_view words_of(lzma_ret result) {
  switch (static_cast<int>(result)) {
    case LZMA_MEM_ERROR:
      return "needs more memory than there is";
    case LZMA_MEMLIMIT_ERROR:
      return "needs more than 256 MiB of memory";
    case LZMA_OPTIONS_ERROR:
      return "uses an option that is not known";
    case LZMA_BUF_ERROR:
      return "is cut short";
    default:
      return "is damaged";
  }
}

// One for the program, begun anew for each content: memory of the shipped build is not given back.
lzma_stream& xz_stream() {
  static lzma_stream one = LZMA_STREAM_INIT;
  return one;
}

class XzDecoder final : public Decoder {
 public:
  XzDecoder() { check(lzma_stream_decoder(&xz_stream(), kMostMemory, LZMA_CONCATENATED)); }

  std::size_t read(DecoderInput& input, std::span<char> into) override {
    lzma_stream& one = xz_stream();
    one.next_out = reinterpret_cast<std::uint8_t*>(into.data());
    one.avail_out = into.size();
    while (one.avail_out > 0 && !ended_) {
      const bool more = !input.rest().empty() || input.refill();
      const std::string_view rest = input.rest();
      one.next_in = reinterpret_cast<const std::uint8_t*>(rest.data());
      one.avail_in = rest.size();
      const lzma_ret result = lzma_code(&one, more ? LZMA_RUN : LZMA_FINISH);
      input.use(rest.size() - one.avail_in);
      ended_ = result == LZMA_STREAM_END;
      if (!ended_) check(result);
    }
    return into.size() - one.avail_out;
  }

 private:
  static void check(lzma_ret result) {
    if (result != LZMA_OK) throw Error(ErrorKind::Spec, text::join("xz data ", words_of(result)));
  }

  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Decoder> xz_decoder() { return std::make_unique<XzDecoder>(); }

}  // namespace caisson::image
