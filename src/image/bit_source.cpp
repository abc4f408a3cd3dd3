#include "image/bit_source.hpp"

namespace caisson::image {

bool BitSource::refill_buffer() {
  constexpr std::size_t kZeros = 2 * kMargin;
  if (ended_) return now_.at - (now_.count >> 3) <= end_;  // zeros were looked at: were they used, too?
  const std::size_t kept = end_ > now_.at ? static_cast<std::size_t>(end_ - now_.at) : 0;
  char* const begin = buffer_.data();
  if (kept > 0) std::memmove(begin, now_.at, kept);
  std::size_t filled = kept;
  const std::size_t most = buffer_.size() - kZeros;
  while (filled < most / 2) {
    const std::size_t got = from_.read(buffer_.subspan(filled, most - filled));
    if (got == 0) {
      ended_ = true;
      break;
    }
    filled += got;
  }
  std::memset(begin + filled, 0, kZeros);
  now_.at = begin;
  end_ = begin + filled;
  limit_ = ended_ ? end_ : end_ - kMargin;
  return true;
}

}  // namespace caisson::image
