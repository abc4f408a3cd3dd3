// The caller's terminal in raw mode, for as long as the object lives and the caller is in its foreground. Guarantees: the
// settings found are put back on every way out, and never by a background process, whose shell has set its own by then.
// man 3 termios (cfmakeraw), man 4 tty_ioctl.
#pragma once

#include <optional>

#include "sys/fd.hpp"
#include "sys/terminal.hpp"

namespace caisson::process {

class RawTerminal {
 public:
  // Nothing happens if it is no terminal. In the background the kernel stops the caller until it is in the foreground.
  explicit RawTerminal(sys::BorrowedFd terminal);
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  // After a stop: both may be called in either state.
  void enter();
  void leave() noexcept;

 private:
  bool in_foreground() const noexcept;

  sys::BorrowedFd terminal_;
  std::optional<sys::TerminalSettings> found_;  // while raw
};

}  // namespace caisson::process
