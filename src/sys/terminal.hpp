// Terminals and pseudo-terminals by descriptor (man 4 tty_ioctl, man 2 ioctl_tty, man 7 pty). No path is ever opened here.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

struct WindowSize {
  std::uint16_t rows = 0, columns = 0, x_pixels = 0, y_pixels = 0;
};
SysResult<WindowSize> window_size(BorrowedFd terminal) noexcept;
SysStatus set_window_size(BorrowedFd terminal, WindowSize size) noexcept;

// The kernel's struct termios; that of the C library differs.
struct TerminalSettings {
  std::uint32_t input = 0, output = 0, control = 0, local = 0;
  std::uint8_t line = 0;
  std::array<std::uint8_t, 19> characters{};
};
SysResult<TerminalSettings> terminal_settings(BorrowedFd terminal) noexcept;  // ENOTTY: not a terminal
// A background process gets SIGTTOU for it, unless that is blocked.
SysStatus set_terminal_settings(BorrowedFd terminal, const TerminalSettings& settings) noexcept;
// Every byte passes as it is, at once, with no echo and no signals: cfmakeraw(3).
TerminalSettings raw_settings(TerminalSettings settings) noexcept;
// A newline that is written to the terminal stays one, instead of becoming carriage return and newline (ONLCR).
SysStatus keep_newlines(BorrowedFd terminal) noexcept;
// The character that ends the input, if the terminal reads by lines; else nothing.
SysResult<std::uint8_t> end_of_input(BorrowedFd terminal) noexcept;  // ENODATA: no such character now
bool is_terminal(BorrowedFd fd) noexcept;

SysStatus unlock_pty(BorrowedFd master) noexcept;            // TIOCSPTLCK
SysResult<unsigned> pty_number(BorrowedFd master) noexcept;  // TIOCGPTN
// The other end of this very pty, whatever /dev/pts shows by now (TIOCGPTPEER, Linux 4.13). Never becomes the caller's
// controlling terminal.
SysResult<UniqueFd> pty_peer(BorrowedFd master) noexcept;

SysStatus new_session() noexcept;  // setsid(2); EPERM for the leader of a group
SysResult<pid_t> session_of(pid_t pid) noexcept;
SysResult<pid_t> process_group_of(pid_t pid) noexcept;
SysStatus set_process_group(pid_t pid, pid_t group) noexcept;
SysStatus take_controlling_terminal(BorrowedFd terminal) noexcept;  // TIOCSCTTY, never stealing
SysResult<pid_t> foreground_group(BorrowedFd terminal) noexcept;    // ENOTTY: not the caller's terminal
SysStatus set_foreground_group(BorrowedFd terminal, pid_t group) noexcept;

}  // namespace caisson::sys
