#include <zstd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/decompress.hpp"

namespace caisson::image {
namespace {

constexpr int kLargestWindowLog = 27;  // 128 MiB: what zstd itself takes without being asked

// One for the program: memory of the shipped build is not given back.
ZSTD_DCtx& context() {
  static ZSTD_DCtx* const one = ZSTD_createDCtx();
  if (one == nullptr) throw Error(ErrorKind::Host, "zstd: no memory");
  return *one;
}

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() {
    ZSTD_DCtx_reset(&context(), ZSTD_reset_session_and_parameters);
    ZSTD_DCtx_setParameter(&context(), ZSTD_d_windowLogMax, kLargestWindowLog);
  }

  std::size_t read(DecoderInput& input, std::span<char> into) override {
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    while (out.pos < out.size) {
      if (input.rest().empty() && !input.refill()) {
        // What is still held inside comes out without further input.
        const std::size_t before = out.pos;
        if (wanted_ != 0) run(input, out);
        if (out.pos > before) continue;
        if (wanted_ != 0) throw Error(ErrorKind::Spec, "zstd data is cut short");
        break;
      }
      run(input, out);
    }
    return out.pos;
  }

 private:
  void run(DecoderInput& input, ZSTD_outBuffer& out) {
    const std::string_view rest = input.rest();
    ZSTD_inBuffer in{rest.data(), rest.size(), 0};
    wanted_ = ZSTD_decompressStream(&context(), &out, &in);
    if (ZSTD_isError(wanted_) != 0)
      throw Error(ErrorKind::Spec, text::join("zstd data is damaged: ", ZSTD_getErrorName(wanted_)));
    input.use(in.pos);
  }

  std::size_t wanted_ = 0;  // 0: at the end of a frame
};

}  // namespace

std::unique_ptr<Decoder> zstd_decoder() { return std::make_unique<ZstdDecoder>(); }

}  // namespace caisson::image
