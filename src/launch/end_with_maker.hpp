// For a process that does a part of its maker's work: it must not outlive the maker, whoever kills that.
#pragma once

#include <sys/types.h>

namespace caisson::launch {

// In the child: killed when `maker`, its parent, ends (man 2 PR_SET_PDEATHSIG), and ended at once when that has happened
// already. A change of user or namespace takes it away again. Throws Error{Kernel}.
void end_with_maker(pid_t maker);

}  // namespace caisson::launch
