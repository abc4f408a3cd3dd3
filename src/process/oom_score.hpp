// How likely the kernel is to kill a process when memory is short (man 5 proc, /proc/PID/oom_score_adj). Written through a
// procfs that the container cannot have changed, and before the privileges go: lowering needs CAP_SYS_RESOURCE.
#pragma once

#include <cstdint>

#include "sys/proc_handle.hpp"

namespace caisson::process {

// Throws Error{Spec} outside -1000..1000.
void check_oom_score_adj(std::int32_t value);
// Of the caller. Writes nothing if the value is there already.
void apply_oom_score_adj(const sys::ProcHandle& proc, std::int32_t value);

}  // namespace caisson::process
