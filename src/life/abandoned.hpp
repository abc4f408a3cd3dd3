// Containers in the foreground whose runtime was killed before it could clean up after them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lifecycle/context.hpp"

namespace caisson::life {

// What their ids begin with; others below the same state root belong to whoever made them.
inline constexpr std::string_view kForegroundPrefix = "run-";

// Removes what is left of those that have ended; their ids.
std::vector<std::string> remove_abandoned(const lifecycle::Context& context);

}  // namespace caisson::life
