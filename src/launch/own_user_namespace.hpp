// An ordinary user's program becomes root of a user namespace of its own, with the ids that the maps give it: files of a
// container are made, read and removed with their owners there. Nobody else is in it, and it ends with the program.
#pragma once

#include "ns/id_map.hpp"

namespace caisson::launch {

// The calling process, which must have one thread. Throws Error.
void enter_own_user_namespace(const ns::IdMapPlan& maps);

}  // namespace caisson::launch
