// Executes an EnterPlan: the calling process itself moves into the namespaces, as nsenter(1) of util-linux does, and becomes
// the program; where a pid namespace is entered it stands in for a child that becomes it.
#pragma once

#include <vector>

#include "ns/join.hpp"
#include "plan/enter_plan.hpp"

namespace caisson::launch {

struct EnterRequest {
  const plan::EnterPlan& plan;
  const char* const* environment;
  std::vector<ns::OpenNamespace> opened;  // win over the plan
};

// Returns the exit status of the child. Throws what fails, in whichever process it does.
int run_enter(EnterRequest request);

}  // namespace caisson::launch
