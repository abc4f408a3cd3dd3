// Signals read from a descriptor instead of being delivered (man 2 signalfd), and waiting on several descriptors (man 2 ppoll).
#pragma once

#include <poll.h>

#include <cstdint>
#include <optional>
#include <span>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

constexpr std::uint64_t signal_bit(int signal) noexcept { return std::uint64_t{1} << (signal - 1); }

// The signals must be blocked, or they are delivered as ever. The descriptor does not block.
SysResult<UniqueFd> open_signal_queue(std::uint64_t mask) noexcept;
// The number of the next signal; nothing when none is pending.
SysResult<std::optional<int>> next_signal(BorrowedFd queue) noexcept;

// Sleeps until an entry is ready; entries with a negative descriptor are skipped. EINTR is retried.
SysStatus wait_for_any(std::span<pollfd> entries) noexcept;

}  // namespace caisson::sys
