// The names in a directory, one after the other, through a buffer of the caller: for loops over thousands of directories.
// man 2 getdents.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

class DirectoryReader {
 public:
  // The descriptor was opened for reading and is read from where it stands.
  DirectoryReader(BorrowedFd dir, std::span<char> buffer) noexcept : dir_(dir), buffer_(buffer) {}

  // procfs fills the buffer as far as it can: when much is left there is nothing more to ask for.
  void ends_when_not_filled() noexcept { fills_ = true; }
  // Empty at the end; "." and ".." are left out. Valid until the next call; the name ends in a NUL.
  SysResult<std::string_view> next() noexcept;

 private:
  BorrowedFd dir_;
  std::span<char> buffer_;
  std::size_t filled_ = 0, at_ = 0;
  bool fills_ = false;
};

}  // namespace caisson::sys
