// A tar archive as a sequence of members with their content, from any source of bytes; man 5 tar. What stands behind the end of
// the archive is not read.
#pragma once

#include <string_view>

#include "image/byte_source.hpp"
#include "image/tar_entry.hpp"

namespace caisson::image {

class TarReader {
 public:
  explicit TarReader(ByteSource& source);

  // The next member; false at the end. What was left of the content of the one before is skipped. Throws Error(Spec).
  bool next();
  const TarEntry& entry() const noexcept { return entry_; }
  // The next piece of the content, valid until the next call; empty at its end.
  std::string_view content();
  // Where the content that is not yet read begins in the source.
  std::uint64_t position() const noexcept { return position_; }
  // Whether the archive ended as it should, by a block of zeros; else the source just stopped after a member.
  bool had_end() const noexcept { return had_end_; }

 private:
  std::string_view take(std::size_t wanted);  // exactly that much, at most a block
  std::string_view some(std::uint64_t most);  // at least one byte
  void skip(std::uint64_t count);
  std::string record(std::uint64_t size);
  bool fill(std::size_t wanted);  // false: the source ended before
  bool next_header(TarHeader& header);
  void read_sparse_map(SparseMap& map);

  ByteSource& source_;
  std::span<char> buffer_;
  std::size_t at_ = 0, filled_ = 0;
  std::uint64_t position_ = 0, left_ = 0, padding_ = 0;
  TarEntry entry_;
  bool had_end_ = false;
};

}  // namespace caisson::image
