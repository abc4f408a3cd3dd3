// startContainer hooks: they run inside the container, as its user, between `start` and the payload (config.md, POSIX hooks).
#pragma once

#include "launch/trampoline/config.hpp"

namespace caisson::launch {

// Runs all in order; a failure is reported on the channel and ends the process.
void run_start_hooks(const Config& config, int report);

}  // namespace caisson::launch
