// What `type: cgroup` of a config means on this host. Version 2: a cgroup2 mount of its own if the container has a cgroup
// namespace, else a bind: a cgroup2 mount from the initial cgroup namespace waits for a full RCU grace period (10 ms).
// Version 1 and hybrid: a tmpfs, a bind of the container's own directory for each hierarchy, links for co-mounted names.
// In a user namespace without a cgroup namespace everything is read-only (CVE-2023-25809). Pure.
#pragma once

#include <string_view>
#include <vector>

#include "mount/mount_step.hpp"

namespace caisson::mount {

// step: place, destination, attributes and propagation as the config asks for them.
std::vector<MountStep> plan_cgroup_mount(MountStep step, std::string_view type, const MountContext& context);

}  // namespace caisson::mount
