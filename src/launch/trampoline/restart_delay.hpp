// How long a restart waits: 100 ms, doubled each time up to a minute, from the beginning again after a run of ten seconds.
// Freestanding and pure: containers and services wait alike.
#pragma once

#include <stdint.h>

namespace caisson::launch {

inline constexpr uint32_t kFirstDelayMs = 100, kLongestDelayMs = 60'000;
inline constexpr int64_t kLongRunMs = 10'000;

// last_ms: the delay before this run; 0: a person started it.
constexpr uint32_t restart_delay_ms(uint32_t last_ms, int64_t ran_for_ms) noexcept {
  if (last_ms == 0 || ran_for_ms >= kLongRunMs) return kFirstDelayMs;
  return last_ms * 2 < kLongestDelayMs ? last_ms * 2 : kLongestDelayMs;
}

enum class RestartWhen : uint8_t { Never, OnFailure, Always };

// most: restarts on failure; 0: not limited. restarts: how many there were since a person started it.
constexpr bool wants_restart(RestartWhen when, uint32_t most, int status, uint32_t restarts) noexcept {
  if (when == RestartWhen::Always) return true;
  return when == RestartWhen::OnFailure && status != 0 && (most == 0 || restarts < most);
}

}  // namespace caisson::launch
