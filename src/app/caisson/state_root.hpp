// Where the containers, pins and holds of the caller are.
#pragma once

#include <string>

#include "app/caisson/commands.hpp"

namespace caisson::app::human {

// --root, else the usual place of the user; absolute.
std::string state_root_of(const Invocation& invocation);

}  // namespace caisson::app::human
