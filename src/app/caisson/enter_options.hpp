// The options of nsenter as an EnterPlan. Pure: no system call, so that what a command line means can be tested.
#pragma once

#include "app/options.hpp"
#include "plan/enter_plan.hpp"

namespace caisson::app::human {

// Throws Error with the words of util-linux.
plan::EnterPlan enter_plan(const Parsed& line);

}  // namespace caisson::app::human
