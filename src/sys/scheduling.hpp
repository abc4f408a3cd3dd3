// How the kernel schedules the caller: policy, I/O priority, CPU and memory placement, execution domain.
// man 2 sched_setattr, ioprio_set, sched_setaffinity, set_mempolicy, personality. Pid 0 is the caller.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "sys/result.hpp"

namespace caisson::sys {

// struct sched_attr of Linux 5.3 (SCHED_ATTR_SIZE_VER1)
struct SchedulingAttributes {
  std::uint32_t size = 56;
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0, deadline = 0, period = 0;
  std::uint32_t clamp_min = 0, clamp_max = 0;
};
SysStatus set_scheduling(pid_t pid, const SchedulingAttributes& attributes) noexcept;
SysResult<SchedulingAttributes> get_scheduling(pid_t pid) noexcept;

// Of one process (IOPRIO_WHO_PROCESS); class << 13 | level. Children inherit it.
SysStatus set_io_priority(pid_t pid, int value) noexcept;
SysResult<int> get_io_priority(pid_t pid) noexcept;

SysStatus set_personality(unsigned long persona) noexcept;
SysResult<unsigned long> get_personality() noexcept;

// Bit n of word n / 64: CPU n. Masks may be longer than the kernel's own.
SysStatus set_cpu_affinity(pid_t pid, std::span<const std::uint64_t> mask) noexcept;
SysResult<std::vector<std::uint64_t>> get_cpu_affinity(pid_t pid) noexcept;

// mode: MPOL_* with its flags; bit n of word n / 64: node n.
SysStatus set_memory_policy(int mode, std::span<const std::uint64_t> nodes) noexcept;
SysResult<int> get_memory_policy() noexcept;

}  // namespace caisson::sys
