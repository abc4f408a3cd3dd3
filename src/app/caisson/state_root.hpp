// Where the containers, pins and holds of the caller are.
#pragma once

#include <string>

#include "app/caisson/commands.hpp"
#include "inspect/target.hpp"

namespace caisson::app::human {

// --root, else the usual place of the user; absolute.
std::string state_root_of(const Invocation& invocation);
// The same with those that have a name; without them where nobody could have named one, for want of a home.
inspect::Places places_of(const Invocation& invocation);

}  // namespace caisson::app::human
