#include "process/raw_terminal.hpp"

#include <signal.h>

#include <cerrno>

#include "base/error.hpp"
#include "sys/process.hpp"
#include "sys/signal_queue.hpp"

namespace caisson::process {

RawTerminal::RawTerminal(sys::BorrowedFd terminal) : terminal_(terminal) { enter(); }
RawTerminal::~RawTerminal() { leave(); }

void RawTerminal::enter() {
  if (found_) leave();
  const auto settings = sys::terminal_settings(terminal_);
  if (!settings.ok()) return;  // not a terminal, or it has hung up
  sys::set_terminal_settings(terminal_, sys::raw_settings(settings.value())).or_throw("set the terminal to raw mode");
  found_ = settings.value();
}

void RawTerminal::leave() noexcept {
  if (!found_) return;
  const sys::TerminalSettings found = *found_;
  found_.reset();
  if (!in_foreground()) return;
  // Between the look and the change the caller may move to the background: SIGTTOU would stop it half-way out.
  std::uint64_t mask = 0;
  if (!sys::block_signals(sys::signal_bit(SIGTTOU), &mask).ok()) return;
  static_cast<void>(sys::set_terminal_settings(terminal_, found));  // EIO: it has hung up
  static_cast<void>(sys::set_signal_mask(mask));
}

bool RawTerminal::in_foreground() const noexcept {
  const auto foreground = sys::foreground_group(terminal_);
  // Not the controlling terminal: there is no background on it.
  if (foreground.err() == ENOTTY) return true;
  return foreground.ok() && foreground.value() == sys::process_group_of(0).value_or(-1);
}

}  // namespace caisson::process
