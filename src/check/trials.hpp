// Tries what a container needs, each for real, in children that end at once: nothing outside of them changes and nothing is
// left behind. Mounts are only made in a mount namespace of the child's own, most of them detached.
#pragma once

#include "check/measured.hpp"

namespace caisson::check {

// What the children need to know of the caller.
struct TrialGround {
  bool real_root = false;
  uid_t uid = 0;
  gid_t gid = 0;
  const Subordinates& subordinates;
  std::string cgroup;  // the caller's own v2 cgroup as a directory; empty: none is mounted
};

// Throws Error{Kernel} when not even a plain child can be made.
Trials run_trials(const TrialGround& ground);

}  // namespace caisson::check
