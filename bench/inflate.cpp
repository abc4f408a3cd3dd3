// bench_inflate FILE.gz [ROUNDS]: the decoder of src/image against those of libraries, CRC included, taking turns in one
// process; medians and ratios. FILE has one gzip member. ISA-L and zlib stream as src/image does, through 64 KiB of input and 1
// MiB of output; libdeflate knows no streams: it gets a buffer for all of the output, which was touched before.
#include <libdeflate.h>
#include <time.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include <isa-l/igzip_lib.h>

#include "base/error.hpp"
#include "image/decompress.hpp"

namespace {

constexpr std::size_t kIn = std::size_t{64} << 10, kOut = std::size_t{1} << 20;

class Text final : public caisson::image::ByteSource {
 public:
  explicit Text(const std::string& text) : text_(text) {}
  std::size_t read(std::span<char> into) override {
    const std::size_t got = std::min(into.size(), text_.size() - at_);
    std::copy_n(text_.data() + at_, got, into.data());
    at_ += got;
    return got;
  }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
};

// Keeps what it has to, and nothing else.
class Nowhere final : public caisson::image::Outlet {
 public:
  Room room() override {
    if (at_ + kLeastRoom > memory_.size()) {
      std::copy_n(memory_.data() + at_ - kHistory, kHistory, memory_.data());
      at_ = kHistory;
    }
    return {memory_.data() + at_, memory_.size() - at_};
  }
  void wrote(std::size_t count) override { at_ += count, made += count; }
  std::size_t made = 0;

 private:
  std::vector<char> memory_ = std::vector<char>(kHistory + kOut);
  std::size_t at_ = kHistory;
};

std::size_t by_us(const std::string& file) {
  Text from(file);
  Nowhere to;
  caisson::image::gunzip(from, to);
  return to.made;
}

std::size_t by_isal(const std::string& file) {
  static inflate_state state;
  static std::vector<std::uint8_t> out(kOut);
  isal_inflate_init(&state);
  state.crc_flag = ISAL_GZIP;
  std::size_t made = 0;
  for (std::size_t at = 0; state.block_state != ISAL_BLOCK_FINISH;) {
    if (state.avail_in == 0) {
      state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(file.data() + at));
      state.avail_in = static_cast<std::uint32_t>(std::min(kIn, file.size() - at));
      at += state.avail_in;
    }
    state.next_out = out.data();
    state.avail_out = static_cast<std::uint32_t>(out.size());
    if (isal_inflate(&state) != ISAL_DECOMP_OK) std::exit(1);
    made += out.size() - state.avail_out;
  }
  return made;
}

std::size_t by_zlib(const std::string& file) {
  static std::vector<Bytef> out(kOut);
  z_stream one{};
  if (inflateInit2(&one, 16 + MAX_WBITS) != Z_OK) std::exit(1);
  std::size_t made = 0;
  int result = Z_OK;
  for (std::size_t at = 0; result != Z_STREAM_END;) {
    if (one.avail_in == 0) {
      one.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data() + at));
      one.avail_in = static_cast<uInt>(std::min(kIn, file.size() - at));
      at += one.avail_in;
    }
    one.next_out = out.data();
    one.avail_out = static_cast<uInt>(out.size());
    result = inflate(&one, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END) std::exit(1);
    made += out.size() - one.avail_out;
  }
  inflateEnd(&one);
  return made;
}

std::size_t by_libdeflate(const std::string& file, std::vector<char>& out) {
  static libdeflate_decompressor* const decoder = libdeflate_alloc_decompressor();
  std::size_t made = 0;
  if (libdeflate_gzip_decompress(decoder, file.data(), file.size(), out.data(), out.size(), &made) != LIBDEFLATE_SUCCESS)
    std::exit(1);
  return made;
}

double seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace

int main(int count, char** words) try {
  if (count < 2) return std::fputs("usage: bench_inflate FILE.gz [ROUNDS]\n", stderr), 2;
  std::ifstream input(words[1], std::ios::binary);
  const std::string file{std::istreambuf_iterator<char>(input), {}};
  const std::size_t whole = by_us(file);
  std::vector<char> all(whole, 'x');
  struct Peer {
    const char* name;
    std::function<std::size_t()> run;
    std::vector<double> times;
  };
  std::vector<Peer> peers{{"caisson", [&] { return by_us(file); }, {}},
                          {"ISA-L", [&] { return by_isal(file); }, {}},
                          {"libdeflate, one buffer", [&] { return by_libdeflate(file, all); }, {}},
                          {"zlib", [&] { return by_zlib(file); }, {}}};
  for (int round = 0; round < (count > 2 ? std::atoi(words[2]) : 5); ++round)
    for (Peer& peer : peers) {
      const double start = seconds();
      if (peer.run() != whole) return std::fprintf(stderr, "%s disagrees\n", peer.name), 1;
      peer.times.push_back(seconds() - start);
    }
  for (Peer& peer : peers) {
    std::ranges::sort(peer.times);
    const double median = peer.times[peer.times.size() / 2];
    std::printf("%-24s %8.3f s CPU  %7.1f MB/s  %5.2f\n", peer.name, median, static_cast<double>(whole) / 1e6 / median,
                median / peers.front().times[peers.front().times.size() / 2]);
  }
} catch (const caisson::Error& error) {
  return std::fprintf(stderr, "bench_inflate: %s\n", error.message().c_str()), 1;
}
