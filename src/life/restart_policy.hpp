// --restart: whether a container that has ended is built anew, and how long that waits: 100 ms, doubled each time up to a
// minute, from the beginning again once it has run for ten seconds. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "launch/trampoline/restart_delay.hpp"

namespace caisson::life {

using launch::RestartWhen;

struct RestartPolicy {
  RestartWhen when = RestartWhen::Never;
  std::uint32_t most = 0;  // restarts on failure; 0: not limited
};

// no, on-failure, on-failure:N, always. Throws Error{Usage}.
RestartPolicy parse_restart_policy(std::string_view text);
// restarts: how many there were since a person started it.
bool wants_restart(const RestartPolicy& policy, int exit_code, std::uint32_t restarts) noexcept;
// last_ms: the delay before this run; 0: a person started it.
std::uint32_t restart_delay_ms(std::uint32_t last_ms, std::int64_t ran_for_ms) noexcept;

}  // namespace caisson::life
