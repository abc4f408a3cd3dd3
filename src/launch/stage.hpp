// The process between the runtime and a container's first process, where the final clone has to come from inside another
// namespace: a user or pid namespace that is joined, a new time namespace. It makes the first process as its own sibling
// (CLONE_PARENT), so that the runtime is the parent that the kernel and PDEATHSIG know, and ends.
#pragma once

#include <sys/types.h>

#include "cgroup/guard.hpp"
#include "launch/channel.hpp"
#include "launch/init_context.hpp"
#include "plan/plan.hpp"

namespace caisson::launch {

struct StageRequest {
  const plan::Plan& plan;
  Opened& opened;
  ChannelPair& channels;
  const cgroup::CgroupGuard& cgroups;
  const LaunchOptions& options;
};

// Returns in the runtime only, when the first process exists and the stage has been reaped: the pid of the first process, in
// the runtime's pid namespace.
pid_t make_by_stage(const StageRequest& request);

}  // namespace caisson::launch
