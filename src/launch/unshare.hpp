// Executes an UnsharePlan: the calling process itself moves to the new namespaces, as unshare(1) of util-linux does, and
// becomes the program, or waits for a child that becomes it. Around it processes that stayed in the old namespaces bind files
// and write id maps.
#pragma once

#include "launch/failure_teller.hpp"
#include "plan/unshare_plan.hpp"

namespace caisson::launch {

struct UnshareRequest {
  const plan::UnsharePlan& plan;
  const char* const* environment;
  FailureTeller& teller;
};

// Returns the exit status of the child, or of a process on the way that failed and said so; ends by the same signal as the
// child did. Throws what fails in this process.
int run_unshare(const UnshareRequest& request);

}  // namespace caisson::launch
