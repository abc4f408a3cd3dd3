// Tar archives as other programs read them: ustar headers, with a pax header in front where one cannot say it (long names,
// large numbers, fractions of seconds, extended attributes, holes). The same tree gives the same bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "image/sha256.hpp"
#include "image/tar_entry.hpp"
#include "sys/fd.hpp"

namespace caisson::image {

// Where an archive goes: counted and hashed, and written to a file if there is one.
class ByteSink {
 public:
  ByteSink() = default;  // only counts and hashes
  ByteSink(sys::BorrowedFd file, std::string name) : file_(file), name_(std::move(name)) {}
  void write(std::string_view bytes);
  void flush();
  std::uint64_t size() const noexcept { return size_; }
  Sha256Value finish_hash() noexcept { return hash_.finish(); }

 private:
  sys::BorrowedFd file_{-1};
  std::string name_, pending_;
  Sha256 hash_;
  std::uint64_t size_ = 0;
};

// The blocks in front of a member's content, among them those that tell the pieces of a sparse file. Pure.
std::string tar_header(const TarEntry& entry);

// Of sparse files. Kept: as GNU tar writes them in pax (1.0), for readers that are known to understand it; OCI's layers should
// not have such members, and programs that know nothing of them take the list of the pieces for content.
enum class Holes : std::uint8_t { AsZeros, Kept };

class TarWriter {
 public:
  explicit TarWriter(ByteSink& sink, Holes holes = Holes::AsZeros) : sink_(sink), holes_(holes) {}
  bool keeps_holes() const noexcept { return holes_ == Holes::Kept; }
  void add(const TarEntry& entry) { sink_.write(tar_header(entry)); }  // without content, or before it
  void content(std::string_view bytes) { sink_.write(bytes); }
  void pad(std::uint64_t size);  // behind a content of that size
  void add_file(const std::string& name, std::string_view content);
  void finish();

 private:
  ByteSink& sink_;
  Holes holes_;
};

// A member with the content of a file, of which entry.size bytes are read.
void add_regular(TarWriter& writer, TarEntry entry, sys::BorrowedFd file);

// Layer: a directory of the store, whose whiteouts become markers. Root: files as they are. Live: the same of a container that
// runs, without what the kernel makes up (proc, sysfs, cgroups ...).
enum class TreeKind : std::uint8_t { Layer, Root, Live };
// The tree below dir with everything in it, names in the order of their bytes. Adds to notes what an archive cannot hold.
// left_out: paths as "./usr", sorted.
void write_tree(TarWriter& writer, sys::BorrowedFd dir, TreeKind kind, std::vector<std::string>& notes,
                const std::vector<std::string>& left_out = {});
// One file of the directory, or "." for itself, with everything in it; called `path` in the archive. Whoever can change the
// directory meanwhile cannot make this open anything but regular files and directories below it.
void write_file(TarWriter& writer, sys::BorrowedFd dir, const std::string& name, const std::string& path, TreeKind kind,
                std::vector<std::string>& notes);

}  // namespace caisson::image
