// gzip data by zlib, which this program's own decoder has to agree with; for tests.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "image/decompress.hpp"

namespace caisson::image {

// Nothing: zlib refuses it, or it is more than `limit` bytes.
inline std::optional<std::string> gunzip_by_zlib(std::string_view data, std::size_t limit) {
  z_stream one{};
  if (inflateInit2(&one, 16 + MAX_WBITS) != Z_OK) return std::nullopt;
  one.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  one.avail_in = static_cast<uInt>(data.size());
  std::string out;
  bool good = false;
  for (;;) {
    char buffer[16384];
    one.next_out = reinterpret_cast<Bytef*>(buffer);
    one.avail_out = sizeof buffer;
    const int result = inflate(&one, Z_NO_FLUSH);
    out.append(buffer, sizeof buffer - one.avail_out);
    if (out.size() > limit) break;
    if (result == Z_STREAM_END) {
      while (one.avail_in > 0 && *one.next_in == 0) ++one.next_in, --one.avail_in;
      good = one.avail_in == 0;
      if (good) break;
      inflateReset(&one);
    } else if (result != Z_OK) {
      break;
    }
  }
  inflateEnd(&one);
  return good ? std::optional(std::move(out)) : std::nullopt;
}

inline std::string gzip_by_zlib(std::string_view data, int level, int strategy) {
  z_stream one{};
  deflateInit2(&one, level, Z_DEFLATED, 16 + MAX_WBITS, 8, strategy);
  std::string out(deflateBound(&one, data.size()) + 64, '\0');
  one.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  one.avail_in = static_cast<uInt>(data.size());
  one.next_out = reinterpret_cast<Bytef*>(out.data());
  one.avail_out = static_cast<uInt>(out.size());
  deflate(&one, Z_FINISH);
  out.resize(one.total_out);
  deflateEnd(&one);
  return out;
}

class TextSource final : public ByteSource {
 public:
  TextSource(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}
  std::size_t read(std::span<char> into) override {
    const std::size_t count = std::min({into.size(), text_.size(), piece_});
    std::copy_n(text_.begin(), count, into.begin());
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
};

// Rooms of a given size; what is written behind their end is noticed.
class TextOutlet final : public Outlet {
 public:
  TextOutlet(std::size_t room, std::size_t limit) : size_(room), limit_(limit), memory_(kHistory + room + kGuard, '\0') {}
  Room room() override {
    if (text_.size() > limit_) throw Error(ErrorKind::Host, "more than the test wants");
    std::fill(memory_.end() - kGuard, memory_.end(), kMark);
    const std::size_t history = std::min(kHistory, text_.size());
    std::copy(text_.end() - static_cast<std::ptrdiff_t>(history), text_.end(),
              memory_.begin() + static_cast<std::ptrdiff_t>(kHistory - history));
    return {memory_.data() + kHistory, size_};
  }
  void wrote(std::size_t count) override {
    overrun_ = overrun_ || std::count(memory_.end() - kGuard, memory_.end(), kMark) != kGuard;
    text_.append(memory_.data() + kHistory, count);
  }
  const std::string& text() const noexcept { return text_; }
  bool overrun() const noexcept { return overrun_; }

 private:
  static constexpr std::ptrdiff_t kGuard = 256;
  static constexpr char kMark = '\x5a';
  std::size_t size_, limit_;
  std::string text_, memory_;
  bool overrun_ = false;
};

}  // namespace caisson::image
