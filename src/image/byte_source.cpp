#include "image/byte_source.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/tree.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;

// One for the program: memory of the shipped build is not given back.
std::span<char> piece() {
  static std::vector<char> buffer(kPiece);
  return buffer;
}

}  // namespace

std::size_t FileSource::read(std::span<char> into) {
  if (range_.size == 0) return 0;
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), range_.size));
  const std::size_t got = sys::read_at(range_.file, into.data(), wanted, range_.offset).or_throw("read ", name_);
  if (got == 0)
    throw Error(ErrorKind::Spec, text::join(name_, ": cut short, ", range_.size, " bytes are missing at its end"))
        .with_hint("was the file copied or downloaded whole?");
  range_.offset += got;
  range_.size -= got;
  return got;
}

std::uint64_t FileSource::skip(std::uint64_t count) {
  const std::uint64_t skipped = std::min(count, range_.size);
  range_.offset += skipped;
  range_.size -= skipped;
  return skipped;
}

std::size_t PipeSource::read(std::span<char> into) {
  const std::size_t got = sys::read_some(pipe_, into.data(), into.size()).or_throw("read the archive");
  consumed_ += got;
  return got;
}

std::size_t WatchedSource::read(std::span<char> into) {
  const std::size_t got = from_.read(into);
  if (progress_ != nullptr) progress_->reached(from_.consumed());
  return got;
}

std::size_t HashedSource::read(std::span<char> into) {
  const std::size_t got = from_.read(into);
  hash_.add({into.data(), got});
  size_ += got;
  return got;
}

Digest HashedSource::finish() {
  while (read(piece()) > 0) {
  }
  return Digest(hash_.finish());
}

std::string read_all(ByteSource& source, std::size_t limit, std::string_view name) {
  std::string all;
  for (;;) {
    const std::size_t got = source.read(piece());
    if (got == 0) return all;
    if (all.size() + got > limit) throw Error(ErrorKind::Spec, text::join(name, ": longer than ", limit, " bytes"));
    all.append(piece().data(), got);
  }
}

std::uint64_t copy_all(ByteSource& source, sys::BorrowedFd file, std::string_view name) {
  std::uint64_t size = 0;
  for (;;) {
    const std::size_t got = source.read(piece());
    if (got == 0) return size;
    sys::write_full(file, {piece().data(), got}).or_throw("write a copy of ", name);
    size += got;
  }
}

}  // namespace caisson::image
