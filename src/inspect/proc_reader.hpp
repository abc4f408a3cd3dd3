// /proc of the machine for loops over all processes: one descriptor, one buffer, no allocation per file. man 5 proc.
#pragma once

#include <sys/types.h>

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sys/directory_reader.hpp"
#include "sys/file.hpp"

namespace caisson::inspect {

// "7/task/8/ns": a path below /proc, put together in place. Names of files of procfs only: they all fit.
class ProcPath {
 public:
  template <class... Parts>
  explicit ProcPath(const Parts&... parts) {
    (append(parts), ...);
    *end_ = '\0';
  }
  const char* c_str() const noexcept { return text_.data(); }

 private:
  void append(std::string_view part) noexcept {
    for (const char c : part)
      if (end_ < text_.data() + kLongest) *end_++ = c;
  }
  template <std::integral Number>
  void append(Number part) noexcept {
    end_ = std::to_chars(end_, text_.data() + kLongest, part).ptr;
  }

  static constexpr std::size_t kLongest = 80;
  std::array<char, kLongest + 1> text_;
  char* end_ = text_.data();
};

// A namespace as links of procfs and roots of nsfs mounts name it: "net:[4026531840]". `kind` ends before the colon.
struct NamespaceName {
  std::string_view kind;
  std::uint64_t inode = 0;
};
// Nothing with inode 0 for any other text.
NamespaceName parse_namespace_name(std::string_view text) noexcept;

class ProcReader {
 public:
  // Throws Error when /proc is not the root of a procfs.
  ProcReader();

  sys::BorrowedFd root() const noexcept { return root_.borrow(); }
  // All processes, by rising pid.
  std::vector<pid_t> processes();
  // Directories are read with a buffer of their own: files may be read in between.
  sys::DirectoryReader entries_of(sys::BorrowedFd dir) noexcept {
    sys::DirectoryReader reader(dir, {names_.get(), kNames});
    reader.ends_when_not_filled();
    return reader;
  }

  // Valid until the next read; files that are longer than the buffer are cut.
  sys::SysResult<std::string_view> read(const ProcPath& path) noexcept;
  sys::SysResult<std::string_view> link(sys::BorrowedFd dir, const char* name) noexcept;
  // The inode behind a link of an ns directory.
  sys::SysResult<std::uint64_t> namespace_link(sys::BorrowedFd dir, const char* name) noexcept;
  sys::SysResult<sys::UniqueFd> open(const ProcPath& path, int flags) const noexcept;

 private:
  static constexpr std::size_t kText = std::size_t{64} << 10, kNames = std::size_t{32} << 10;

  sys::UniqueFd root_;
  std::unique_ptr<char[]> text_, names_;
};

}  // namespace caisson::inspect
