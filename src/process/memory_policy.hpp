// From which NUMA nodes memory is taken: linux.memoryPolicy of the specification (man 2 set_mempolicy).
#pragma once

#include "process/number_list.hpp"
#include "spec/spec.hpp"

namespace caisson::process {

struct MemoryPolicyPlan {
  int mode = 0;  // MPOL_* with its flags
  NumberMask nodes;
};
MemoryPolicyPlan plan_memory_policy(const spec::MemoryPolicy& policy);
void apply_memory_policy(const MemoryPolicyPlan& plan);

}  // namespace caisson::process
