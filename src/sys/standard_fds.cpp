#include "sys/standard_fds.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <time.h>

#include <array>
#include <cerrno>

#include "sys/call.hpp"
#include "sys/file.hpp"

namespace caisson::sys {

namespace {

struct KernelTimespec {  // of 64 bits on every architecture
  std::int64_t seconds, nanoseconds;
};

long poll_for(pollfd* entries, std::size_t count, int timeout_ms) noexcept {
  return retry_eintr([&] {
    KernelTimespec limit{timeout_ms / 1000, std::int64_t{timeout_ms} % 1000 * 1'000'000};
    return call(SYS_ppoll, entries, count, timeout_ms < 0 ? nullptr : &limit, nullptr, 8);
  });
}

}  // namespace

SysStatus fill_standard_fds() noexcept {
  std::array<pollfd, 3> entries{pollfd{0, 0, 0}, pollfd{1, 0, 0}, pollfd{2, 0, 0}};
  if (const long result = poll_for(entries.data(), entries.size(), 0); result <= 0) return status_of(result);
  for (const pollfd& entry : entries) {
    if ((entry.revents & POLLNVAL) == 0) continue;
    // The lowest free number is this one, since the ones below have been filled.
    SysResult<UniqueFd> null = open_at(kCwd, "/dev/null", O_RDWR);
    if (!null.ok()) return SysStatus::failed(null.err());
    UniqueFd opened = std::move(null).value();
    if (opened.get() == entry.fd) {
      const SysStatus kept = keep_across_exec(opened.borrow());
      opened.release();
      if (!kept.ok()) return kept;
    }
  }
  return Unit{};
}

SysResult<std::uint32_t> wait_ready(std::span<const BorrowedFd> entries, int timeout_ms) noexcept {
  if (entries.size() > kMostWaited) return SysResult<std::uint32_t>::failed(E2BIG);
  std::array<pollfd, kMostWaited> polled{};
  for (std::size_t i = 0; i < entries.size(); ++i) polled[i] = {entries[i].get(), POLLIN, 0};
  const long result = poll_for(polled.data(), entries.size(), timeout_ms);
  if (result < 0) return SysResult<std::uint32_t>::failed(static_cast<int>(-result));
  std::uint32_t ready = 0;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (polled[i].revents != 0) ready |= std::uint32_t{1} << i;
  return ready;
}

}  // namespace caisson::sys
