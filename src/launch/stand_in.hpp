// A process that stands in for a program which had to become its child: it stops when the program stops, has it go on when it
// is continued itself, and ends as it ended. Whoever started caisson sees one process. Signals are not forwarded.
#pragma once

#include <optional>

#include "sys/process.hpp"

namespace caisson::launch {

// Goes on in a child: nothing there. In the caller, when the child has ended, the exit status.
// A failure of the child is told by the child: it is the program that the user asked for, its caller only waits.
std::optional<int> continue_in_child();

// Until the child has ended: its exit status. When a signal ended it, the caller ends by the same signal, without another core
// file; 128 + its number where that cannot be (PID 1 of a pid namespace).
int stand_in_for(const sys::Cloned& child);

}  // namespace caisson::launch
