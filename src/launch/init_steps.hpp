// The container's first process, from its first instruction to the trampoline: a table of named steps and its runner.
#pragma once

#include "launch/init_context.hpp"

namespace caisson::launch {

// Status of a first process that failed; the runtime has the reason from the channel.
inline constexpr int kSetupFailed = 125;

// Never returns, and no exception leaves it: no destructor of a frame of the parent may run in the child.
[[noreturn]] void init_main(InitContext& context) noexcept;

}  // namespace caisson::launch
