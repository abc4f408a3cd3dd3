// The foreground of `run` and `exec`: signals go to the container's process, bytes between the caller's terminal and the
// container's, and the status comes back. Guarantees: the caller's terminal has its settings again on every way out; all that
// the payload wrote before it ended is shown; nothing polls by time. man 2 signalfd, man 7 pty, man 4 tty_ioctl.
#pragma once

#include <cstdint>
#include <optional>

#include "sys/fd.hpp"
#include "sys/process.hpp"

namespace caisson::process {

// From here on signals to the caller are kept until the container's process is there to get them. To be made before the clone;
// the child restores original_mask().
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  std::uint64_t original_mask() const noexcept { return original_; }
  sys::BorrowedFd queue() const noexcept { return queue_.borrow(); }

 private:
  std::uint64_t original_ = 0;
  sys::UniqueFd queue_;
};

struct ForegroundEnds {
  std::optional<sys::BorrowedFd> master;  // of the container's pty; without one the payload has our 0, 1 and 2 itself
  sys::BorrowedFd input{0}, output{1};
};
// Until the process, a child of the caller, has ended; reaps it.
sys::ExitStatus run_in_foreground(const sys::Pidfd& process, const HeldSignals& signals, const ForegroundEnds& ends);

}  // namespace caisson::process
