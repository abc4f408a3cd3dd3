// The text of /proc/PID/stat (man 5 proc). Pure.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace caisson::sys {

struct ProcessStat {
  char run_state = '?';
  std::uint64_t flags = 0;  // PF_* of include/linux/sched.h
  pid_t parent = 0;         // 0: outside of the pid namespace of this /proc
  std::uint64_t ticks = 0;  // of the processor, in 1/100 s: its own, and of the children that it has waited for
  std::uint64_t threads = 0;
  std::uint64_t start_time = 0;  // clock ticks since boot

  bool has_ended() const noexcept { return run_state == 'Z' || run_state == 'X' || run_state == 'x'; }
  // A program since it was made: until then it is a copy of what made it (PF_FORKNOEXEC of include/linux/sched.h).
  bool has_executed() const noexcept { return (flags & 0x40) == 0; }
};

// Whatever the name of the program holds. Nothing for a text that is cut off before the end of the start time.
std::optional<ProcessStat> parse_process_stat(std::string_view stat) noexcept;

}  // namespace caisson::sys
