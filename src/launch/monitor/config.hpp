// What the runtime hands to the monitor: one block at the end of its image, as for the trampoline. Freestanding.
// argv[0] is what ps(1) shows; argv[1] and on are the arguments with which the runtime is executed at the end, in the
// environment that the monitor was given.
#pragma once

#include <stdint.h>

namespace caisson::launch {

struct MonitorConfig {
  uint64_t magic = 0;
  int32_t channel = -1;           // seqpacket socket to who waits until the monitor runs; -1: nobody
  int32_t directory = -1;         // of the container: where the log is
  int32_t exit_file = -1;         // takes the exit record; its lock says that the monitor lives, and is passed on
  int32_t program = -1;           // the runtime's own executable, so that an update of the package changes nothing
  int32_t process = -1;           // pidfd of the container's first process, a child; -1: none, only wait for delay_ms
  int32_t streams[2] = {-1, -1};  // read ends: standard output (or the terminal's master), standard error
  int32_t listener = -1;          // where clients attach (attach.hpp)
  int32_t input = -1;             // what they write to: a pipe's write end or the terminal's master; -1: nothing
  uint32_t run = 0;               // which start of the container this is
  uint32_t delay_ms = 0;
  uint32_t log_files = 0;       // the log and its predecessors, at least 1
  uint64_t log_most_bytes = 0;  // of one file; 0: not limited
};

inline constexpr uint64_t kMonitorMagic = 0x726f74696e6f6d31;

}  // namespace caisson::launch
