#include "image/tar_reader.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} << 10;

// One for the program: memory of the shipped build is not given back.
std::span<char> reader_buffer() {
  static std::vector<char> buffer(kBuffer);
  return buffer;
}

[[noreturn]] void cut_short() {
  throw Error(ErrorKind::Spec, "tar: the archive is cut short").with_hint("was the file copied or downloaded whole?");
}

std::uint64_t padding_of(std::uint64_t size) { return (kTarBlock - size % kTarBlock) % kTarBlock; }

}  // namespace

TarReader::TarReader(ByteSource& source) : source_(source), buffer_(reader_buffer()) {}

bool TarReader::fill(std::size_t wanted) {
  if (filled_ - at_ >= wanted) return true;
  std::memmove(buffer_.data(), buffer_.data() + at_, filled_ - at_);
  filled_ -= at_;
  at_ = 0;
  while (filled_ < wanted) {
    const std::size_t got = source_.read(buffer_.subspan(filled_));
    if (got == 0) return false;
    filled_ += got;
  }
  return true;
}

std::string_view TarReader::take(std::size_t wanted) {
  if (!fill(wanted)) cut_short();
  const std::string_view taken(buffer_.data() + at_, wanted);
  at_ += wanted;
  position_ += wanted;
  return taken;
}

std::string_view TarReader::some(std::uint64_t most) {
  if (at_ == filled_ && !fill(1)) cut_short();
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(most, filled_ - at_));
  return take(count);
}

void TarReader::skip(std::uint64_t count) {
  while (count > 0) {
    count -= some(count).size();
    if (at_ < filled_ || count <= buffer_.size()) continue;
    const std::uint64_t skipped = source_.skip(count);
    position_ += skipped;
    count -= skipped;
  }
}

std::string TarReader::record(std::uint64_t size) {
  if (size > kLongestRecord)
    throw Error(ErrorKind::Spec, text::join("tar: an extended header of ", size, " bytes; the limit is ", kLongestRecord));
  std::string text;
  while (text.size() < size) text.append(some(size - text.size()));
  skip(padding_of(size));
  return text;
}

bool TarReader::next_header(TarHeader& header) {
  if (!fill(kTarBlock)) {
    if (filled_ > at_) cut_short();
    return false;
  }
  const std::string_view block = take(kTarBlock);
  if (is_zero_block(block)) {
    had_end_ = true;
    return false;
  }
  header = read_tar_header(block);
  while (header.more_pieces) read_more_pieces(take(kTarBlock), header);
  return true;
}

// Lines in whole blocks: how many pieces, and two numbers for each.
void TarReader::read_sparse_map(SparseMap& map) {
  std::string text;
  std::size_t wanted = 1;
  for (std::size_t lines = 0; lines < wanted;) {
    if (left_ < kTarBlock || text.size() >= kLongestRecord)
      throw Error(ErrorKind::Spec,
                  text::join("tar: sparse file: ", text::quoted(entry_.name), " does not say where its pieces are"));
    const std::string_view block = take(kTarBlock);
    left_ -= kTarBlock;
    lines += static_cast<std::size_t>(std::ranges::count(block, '\n'));
    text.append(block);
    if (lines > 0) wanted = 1 + 2 * count_of_pieces(text);
  }
  const std::vector<std::string_view> numbers = text::split(text, '\n');
  add_pieces(std::span(numbers).subspan(1, wanted - 1), map);
}

bool TarReader::next() {
  skip(left_ + padding_);
  left_ = padding_ = 0;
  TarExtension extension;
  bool extended = false;
  for (TarHeader header; next_header(header); extended = true) {
    switch (header.type) {
      case 'L':
        extension.long_name = record(header.entry.size);
        extension.long_name.resize(std::min(extension.long_name.find('\0'), extension.long_name.size()));
        continue;
      case 'K':
        extension.long_link = record(header.entry.size);
        extension.long_link.resize(std::min(extension.long_link.find('\0'), extension.long_link.size()));
        continue;
      case 'x':
        read_pax_records(record(header.entry.size), extension);
        continue;
      case 'g':  // for all that follow: nothing that a root filesystem needs stands there
        static_cast<void>(record(header.entry.size));
        continue;
      default:
        break;
    }
    entry_ = make_tar_entry(std::move(header), std::move(extension));
    left_ = entry_.size;
    padding_ = padding_of(left_);
    if (!entry_.sparse) return true;
    if (entry_.sparse->before_content) read_sparse_map(*entry_.sparse);
    entry_.size = left_;
    check_sparse_map(*entry_.sparse, left_);
    return true;
  }
  if (extended && !had_end_) cut_short();
  return false;
}

std::string_view TarReader::content() {
  if (left_ == 0) return {};
  const std::string_view piece = some(left_);
  left_ -= piece.size();
  return piece;
}

}  // namespace caisson::image
