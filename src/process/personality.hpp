// The execution domain: linux.personality of the specification (man 2 personality). The specification defines no flag so far:
// any is refused, since it would be a wish that nobody fulfils.
#pragma once

#include "spec/spec.hpp"

namespace caisson::process {

unsigned long plan_personality(const spec::Personality& personality);
void apply_personality(unsigned long persona);

}  // namespace caisson::process
