#include "sys/scheduling.hpp"

#include <sys/syscall.h>

#include <cerrno>

#include "sys/call.hpp"

namespace caisson::sys {
namespace {

constexpr int kWhoProcess = 1;  // IOPRIO_WHO_PROCESS
constexpr unsigned long kAskPersonality = 0xffffffff;

}  // namespace

SysStatus set_scheduling(pid_t pid, const SchedulingAttributes& attributes) noexcept {
  return status_of(call(SYS_sched_setattr, pid, &attributes, 0));
}
SysResult<SchedulingAttributes> get_scheduling(pid_t pid) noexcept {
  SchedulingAttributes attributes;
  const long result = call(SYS_sched_getattr, pid, &attributes, sizeof attributes, 0);
  if (result < 0) return SysResult<SchedulingAttributes>::failed(static_cast<int>(-result));
  return attributes;
}

SysStatus set_io_priority(pid_t pid, int value) noexcept { return status_of(call(SYS_ioprio_set, kWhoProcess, pid, value)); }
SysResult<int> get_io_priority(pid_t pid) noexcept { return result_of<int>(call(SYS_ioprio_get, kWhoProcess, pid)); }

SysStatus set_personality(unsigned long persona) noexcept { return status_of(call(SYS_personality, persona)); }
SysResult<unsigned long> get_personality() noexcept { return result_of<unsigned long>(call(SYS_personality, kAskPersonality)); }

SysStatus set_cpu_affinity(pid_t pid, std::span<const std::uint64_t> mask) noexcept {
  return status_of(call(SYS_sched_setaffinity, pid, mask.size_bytes(), mask.data()));
}
SysResult<std::vector<std::uint64_t>> get_cpu_affinity(pid_t pid) noexcept {
  // EINVAL: the kernel's mask is longer than ours (man 2 sched_getaffinity).
  for (std::size_t words = 16;; words *= 2) {
    std::vector<std::uint64_t> mask(words);
    const long bytes = call(SYS_sched_getaffinity, pid, words * sizeof mask[0], mask.data());
    if (bytes == -EINVAL && words < 4096) continue;
    if (bytes < 0) return SysResult<std::vector<std::uint64_t>>::failed(static_cast<int>(-bytes));
    mask.resize(static_cast<std::size_t>(bytes) / sizeof mask[0]);
    return mask;
  }
}

SysStatus set_memory_policy(int mode, std::span<const std::uint64_t> nodes) noexcept {
  // The kernel reads one bit less than it is told (man 2 set_mempolicy, BUGS of get_mempolicy).
  const std::size_t bits = nodes.empty() ? 0 : nodes.size() * 64 + 1;
  return status_of(call(SYS_set_mempolicy, mode, nodes.empty() ? nullptr : nodes.data(), bits));
}
SysResult<int> get_memory_policy() noexcept {
  int mode = 0;
  const long result = call(SYS_get_mempolicy, &mode, nullptr, 0, nullptr, 0);
  if (result < 0) return SysResult<int>::failed(static_cast<int>(-result));
  return mode;
}

}  // namespace caisson::sys
