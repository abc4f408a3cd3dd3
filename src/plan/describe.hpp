// A plan in words: every step that would build the container, in order. For `plan`, `run --dry-run`, and golden files.
#pragma once

#include <string>

#include "plan/plan.hpp"

namespace caisson::plan {

// One step a line, details indented below it. Steps that have nothing to do are left out.
std::string describe(const Plan& plan);

}  // namespace caisson::plan
