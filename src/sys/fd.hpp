// Descriptors by type: who owns one, and what it refers to. A raw int descriptor appears only in sys/.
#pragma once

#include <sys/syscall.h>

#include <utility>

#include "sys/raw_syscall.hpp"

namespace caisson::sys {

// A descriptor that somebody else owns and that outlives the call it is passed to.
class BorrowedFd {
 public:
  constexpr explicit BorrowedFd(int fd) noexcept : fd_(fd) {}
  constexpr int get() const noexcept { return fd_; }

 private:
  int fd_;
};

// AT_FDCWD: relative to the current directory of this process.
inline constexpr BorrowedFd kCwd{-100};

// For an owner that must not be changed: its descriptor in the process that calls.
inline void close_number(BorrowedFd fd) noexcept { raw_syscall(SYS_close, fd.get()); }

// Owns one descriptor; closed by the destructor. All wrappers open with O_CLOEXEC.
class UniqueFd {
 public:
  constexpr UniqueFd() noexcept = default;
  constexpr explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  constexpr UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~UniqueFd() { reset(); }

  constexpr bool valid() const noexcept { return fd_ >= 0; }
  constexpr int get() const noexcept { return fd_; }
  constexpr BorrowedFd borrow() const noexcept { return BorrowedFd(fd_); }
  constexpr int release() noexcept { return std::exchange(fd_, -1); }
  // close(2) is never retried: after EINTR the descriptor is gone on Linux (man 2 close).
  void reset() noexcept {
    if (fd_ >= 0) raw_syscall(SYS_close, std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

// Distinct owners, so that a mount cannot be passed where a process is meant.
struct Pidfd {
  UniqueFd fd;
  BorrowedFd borrow() const noexcept { return fd.borrow(); }
  bool valid() const noexcept { return fd.valid(); }
};
struct MountFd {  // a detached mount (fsmount, open_tree) or an O_PATH handle on a mounted tree
  UniqueFd fd;
  BorrowedFd borrow() const noexcept { return fd.borrow(); }
  bool valid() const noexcept { return fd.valid(); }
};
struct NamespaceFd {
  UniqueFd fd;
  BorrowedFd borrow() const noexcept { return fd.borrow(); }
  bool valid() const noexcept { return fd.valid(); }
};

}  // namespace caisson::sys
