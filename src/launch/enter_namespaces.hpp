// Moves the calling process into the namespaces that were opened for it. A user namespace is entered last by a caller who loses
// rights there, first by one who gains them, and between others where their owners are nested. man 2 setns.
#pragma once

#include "launch/enter_sources.hpp"

namespace caisson::launch {

// A pid namespace is for children only. Throws Error with a hint that names the reason.
void enter_namespaces(EnterSources& sources, const plan::EnterPlan& plan);

}  // namespace caisson::launch
