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
  std::optional<NumberMask> in_container_cgroup;  // spec: final; absent: every CPU that the cgroup allows
};
CpuAffinityPlan plan_cpu_affinity(const spec::ExecCpuAffinity& affinity);
void apply_cpu_affinity(const NumberMask& mask);
// Every CPU of the machine; the kernel cuts it down to what the cgroup allows.
void reset_cpu_affinity();

}  // namespace caisson::process
