// The processes of a container, also where it has no cgroup that tells them.
#pragma once

#include <sys/types.h>

#include <vector>

#include "lifecycle/container.hpp"

namespace caisson::life {

// Ascending, as far as the caller may look at them. Those of its cgroups; without one those in its pid namespace and in the
// ones below it, or, where it has none of its own either, only the first process, of which alone it is known for certain.
std::vector<pid_t> processes_of(const lifecycle::Container& container);

}  // namespace caisson::life
