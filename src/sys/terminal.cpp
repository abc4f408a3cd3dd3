#include "sys/terminal.hpp"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include <cerrno>

#include "sys/call.hpp"

namespace caisson::sys {
namespace {

// asm-generic/termbits.h; its struct termios collides with that of <termios.h>.
constexpr std::uint32_t kInputOffWhenRaw = 0000001 | 0000002 | 0000010 | 0000040 | 0000100 | 0000200 | 0000400 | 0002000;
constexpr std::uint32_t kOutputProcessing = 0000001, kReturnAtNewline = 0000004;       // OPOST, ONLCR
constexpr std::uint32_t kSizeMask = 0000060, kEightBits = 0000060, kParity = 0000400;  // CSIZE, CS8, PARENB
constexpr std::uint32_t kSignals = 0000001, kByLines = 0000002, kEcho = 0000010, kEchoNewline = 0000100, kExtended = 0100000;
constexpr std::size_t kEndOfFile = 4, kTime = 5, kMinimum = 6;  // VEOF, VTIME, VMIN

}  // namespace

SysResult<WindowSize> window_size(BorrowedFd terminal) noexcept {
  WindowSize size;
  const long result = call(SYS_ioctl, terminal.get(), TIOCGWINSZ, &size);
  if (result < 0) return SysResult<WindowSize>::failed(static_cast<int>(-result));
  return size;
}
SysStatus set_window_size(BorrowedFd terminal, WindowSize size) noexcept {
  return status_of(call(SYS_ioctl, terminal.get(), TIOCSWINSZ, &size));
}

SysResult<TerminalSettings> terminal_settings(BorrowedFd terminal) noexcept {
  TerminalSettings settings;
  const long result = call(SYS_ioctl, terminal.get(), TCGETS, &settings);
  if (result < 0) return SysResult<TerminalSettings>::failed(static_cast<int>(-result));
  return settings;
}
SysStatus set_terminal_settings(BorrowedFd terminal, const TerminalSettings& settings) noexcept {
  return status_of(retry_eintr([&] { return call(SYS_ioctl, terminal.get(), TCSETSW, &settings); }));
}
TerminalSettings raw_settings(TerminalSettings settings) noexcept {
  // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
  settings.input &= ~kInputOffWhenRaw;
  settings.output &= ~kOutputProcessing;
  settings.local &= ~(kSignals | kByLines | kEcho | kEchoNewline | kExtended);
  settings.control = (settings.control & ~(kSizeMask | kParity)) | kEightBits;
  settings.characters[kMinimum] = 1;
  settings.characters[kTime] = 0;
  return settings;
}
SysStatus keep_newlines(BorrowedFd terminal) noexcept {
  auto settings = terminal_settings(terminal);
  if (!settings.ok()) return SysStatus::failed(settings.err());
  settings.value().output &= ~kReturnAtNewline;
  return set_terminal_settings(terminal, settings.value());
}
SysResult<std::uint8_t> end_of_input(BorrowedFd terminal) noexcept {
  const auto settings = terminal_settings(terminal);
  if (!settings.ok()) return SysResult<std::uint8_t>::failed(settings.err());
  const std::uint8_t character = settings.value().characters[kEndOfFile];
  if ((settings.value().local & kByLines) == 0 || character == 0) return SysResult<std::uint8_t>::failed(ENODATA);
  return character;
}
bool is_terminal(BorrowedFd fd) noexcept { return terminal_settings(fd).ok(); }

SysStatus unlock_pty(BorrowedFd master) noexcept {
  const int unlocked = 0;
  return status_of(call(SYS_ioctl, master.get(), TIOCSPTLCK, &unlocked));
}
SysResult<unsigned> pty_number(BorrowedFd master) noexcept {
  unsigned number = 0;
  const long result = call(SYS_ioctl, master.get(), TIOCGPTN, &number);
  if (result < 0) return SysResult<unsigned>::failed(static_cast<int>(-result));
  return number;
}
SysResult<UniqueFd> pty_peer(BorrowedFd master) noexcept {
  const long fd = call(SYS_ioctl, master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-fd));
  return UniqueFd(static_cast<int>(fd));
}

SysStatus new_session() noexcept { return status_of(call(SYS_setsid)); }
SysResult<pid_t> session_of(pid_t pid) noexcept { return result_of<pid_t>(call(SYS_getsid, pid)); }
SysResult<pid_t> process_group_of(pid_t pid) noexcept { return result_of<pid_t>(call(SYS_getpgid, pid)); }
SysStatus set_process_group(pid_t pid, pid_t group) noexcept { return status_of(call(SYS_setpgid, pid, group)); }
SysStatus take_controlling_terminal(BorrowedFd terminal) noexcept {
  return status_of(call(SYS_ioctl, terminal.get(), TIOCSCTTY, 0));
}
SysResult<pid_t> foreground_group(BorrowedFd terminal) noexcept {
  pid_t group = 0;
  const long result = call(SYS_ioctl, terminal.get(), TIOCGPGRP, &group);
  if (result < 0) return SysResult<pid_t>::failed(static_cast<int>(-result));
  return group;
}
SysStatus set_foreground_group(BorrowedFd terminal, pid_t group) noexcept {
  return status_of(call(SYS_ioctl, terminal.get(), TIOCSPGRP, &group));
}

}  // namespace caisson::sys
