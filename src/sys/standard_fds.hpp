// Descriptors 0, 1 and 2 are taken for granted everywhere, and waiting on a few descriptors at once with a limit in time.
#pragma once

#include <cstdint>
#include <span>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

// A program may be started with some of 0, 1, 2 closed: then the next file opened would become its standard error. Fills the
// gaps with /dev/null; one system call when there is none.
SysStatus fill_standard_fds() noexcept;

inline constexpr std::size_t kMostWaited = 8;
// poll(2) for input, hang-up or error: bit n is set when entry n is ready; 0: timed out. Entries with a negative number are
// skipped; negative timeout: for ever. EINTR is retried with the full time. E2BIG above kMostWaited.
SysResult<std::uint32_t> wait_ready(std::span<const BorrowedFd> entries, int timeout_ms) noexcept;

}  // namespace caisson::sys
