#include "sys/signal_queue.hpp"

#include <fcntl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>

#include <cerrno>

#include "sys/call.hpp"

namespace caisson::sys {

SysResult<UniqueFd> open_signal_queue(std::uint64_t mask) noexcept {
  const long fd = call(SYS_signalfd4, -1, &mask, sizeof mask, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-fd));
  return UniqueFd(static_cast<int>(fd));
}

SysResult<std::optional<int>> next_signal(BorrowedFd queue) noexcept {
  using Result = SysResult<std::optional<int>>;
  signalfd_siginfo info{};
  const long got = retry_eintr([&] { return call(SYS_read, queue.get(), &info, sizeof info); });
  if (got == -EAGAIN) return Result(std::nullopt);
  if (got < 0) return Result::failed(static_cast<int>(-got));
  return Result(static_cast<int>(info.ssi_signo));
}

SysStatus wait_for_any(std::span<pollfd> entries) noexcept {
  return status_of(retry_eintr([&] { return call(SYS_ppoll, entries.data(), entries.size(), nullptr, nullptr, 8); }));
}

}  // namespace caisson::sys
