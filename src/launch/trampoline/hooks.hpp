// startContainer hooks: they run inside the container, as its user, between `start` and the payload (config.md, POSIX hooks).
#pragma once

#include "launch/trampoline/config.hpp"

namespace caisson::launch {

// Runs all in order, under the filter of the payload; a failure is reported on the channel and ends the process.
// envp: the payload's, for hooks without an environment of their own.
void run_start_hooks(const Config& config, char** envp, int report);

}  // namespace caisson::launch
