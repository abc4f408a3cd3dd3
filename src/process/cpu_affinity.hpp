// On which CPUs a process may run: process.execCPUAffinity of the specification, and the reset that every other process needs
// (man 2 sched_setaffinity). Since Linux 6.2 a process keeps the mask of its parent when it joins a cgroup, so a runtime that
// was pinned would pin its containers.
#pragma once

#include <optional>

#include "process/number_list.hpp"
#include "spec/spec.hpp"

namespace caisson::process {

struct CpuAffinityPlan {
  std::optional<NumberMask> in_own_cgroup;        // spec: initial; before the container's cgroup is entered
  std::optional<NumberMask> in_container_cgroup;  // spec: final; once it is entered
  bool reset = false;                             // without `final`: every CPU that the container's cgroup allows
};
CpuAffinityPlan plan_cpu_affinity(const spec::ExecCpuAffinity& affinity);
// Of this process, when it stands in the container's cgroup.
void apply_cpu_affinity(const CpuAffinityPlan& plan);

// The affinity of a runtime while it clones the process, which inherits it; the runtime's own comes back.
class InitialCpuAffinity {
 public:
  explicit InitialCpuAffinity(const CpuAffinityPlan& plan);
  InitialCpuAffinity(const InitialCpuAffinity&) = delete;
  ~InitialCpuAffinity();

 private:
  NumberMask before_;  // empty: unchanged
};

}  // namespace caisson::process
