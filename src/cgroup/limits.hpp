// Limits of linux.resources other than devices come with a later version; until then a configuration that asks for one is
// refused, never run without it. Values that mean "unset" (as Docker sends them) are accepted.
#pragma once

#include "spec/spec.hpp"

namespace caisson::cgroup {

// Throws Error(Host) naming the JSON path of the first real limit.
void refuse_limits(const spec::Resources& resources);

}  // namespace caisson::cgroup
