// The CPU scheduling policy of a process: process.scheduler of the specification (man 2 sched_setattr, man 7 sched).
#pragma once

#include "spec/spec.hpp"
#include "sys/scheduling.hpp"

namespace caisson::process {

// Refuses unknown names, and settings that do not belong to the policy.
sys::SchedulingAttributes plan_scheduler(const spec::Scheduler& scheduler);
// Of the caller; its children inherit it.
void apply_scheduler(const sys::SchedulingAttributes& attributes);

}  // namespace caisson::process
