// Bytes that come one piece after the other: a range of a file, what a decompressor makes of another source, and what is hashed
// on the way. Reading throws Error for whatever is wrong, also for a source that ends too early.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "image/digest.hpp"
#include "image/progress.hpp"
#include "sys/fd.hpp"

namespace caisson::image {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // How much was read; 0 is the end.
  virtual std::size_t read(std::span<char> into) = 0;
  // Leaves out up to so many bytes, where that is less work than to read them; how many.
  virtual std::uint64_t skip(std::uint64_t) { return 0; }
};

// Where content lies: in a file of its own, or in the middle of an archive.
struct FileRange {
  sys::BorrowedFd file{-1};
  std::uint64_t offset = 0, size = 0;
};

// One that reads a file, perhaps something compressed.
class MeteredSource : public ByteSource {
 public:
  // How much of the file was read.
  virtual std::uint64_t consumed() const noexcept = 0;
};

class FileSource final : public MeteredSource {
 public:
  // name: for messages.
  FileSource(FileRange range, std::string name) : range_(range), begin_(range.offset), name_(std::move(name)) {}
  std::size_t read(std::span<char> into) override;
  std::uint64_t skip(std::uint64_t count) override;
  std::uint64_t consumed() const noexcept override { return range_.offset - begin_; }

 private:
  FileRange range_;
  std::uint64_t begin_;
  std::string name_;
};

// A descriptor that cannot be positioned: a pipe.
class PipeSource final : public MeteredSource {
 public:
  explicit PipeSource(sys::BorrowedFd pipe) : pipe_(pipe) {}
  std::size_t read(std::span<char> into) override;
  std::uint64_t consumed() const noexcept override { return consumed_; }

 private:
  sys::BorrowedFd pipe_;
  std::uint64_t consumed_ = 0;
};

// Somebody watches how far it is.
class WatchedSource final : public ByteSource {
 public:
  // progress: nullptr when nobody watches.
  WatchedSource(MeteredSource& from, Progress* progress) : from_(from), progress_(progress) {}
  std::size_t read(std::span<char> into) override;

 private:
  MeteredSource& from_;
  Progress* progress_;
};

class HashedSource final : public ByteSource {
 public:
  explicit HashedSource(ByteSource& from) : from_(from) {}
  std::size_t read(std::span<char> into) override;
  // Reads what is left first.
  Digest finish();
  std::uint64_t size() const noexcept { return size_; }  // of what was read

 private:
  ByteSource& from_;
  Sha256 hash_;
  std::uint64_t size_ = 0;
};

// The whole of a small document. Throws when it is longer than `limit`.
std::string read_all(ByteSource& source, std::size_t limit, std::string_view name);
// The rest of the source into a file at its position; how much it was.
std::uint64_t copy_all(ByteSource& source, sys::BorrowedFd file, std::string_view name);

}  // namespace caisson::image
