// The I/O scheduling class and level: process.ioPriority of the specification (man 2 ioprio_set). Of the calling process alone,
// not of its group: a joining process may still be in the group of whoever called the runtime.
#pragma once

#include "spec/spec.hpp"

namespace caisson::process {

int plan_io_priority(const spec::IoPriority& priority);  // the kernel's word: class << 13 | level
void apply_io_priority(int value);

}  // namespace caisson::process
