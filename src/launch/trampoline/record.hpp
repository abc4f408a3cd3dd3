// The bytes that cross the channel between the runtime and the stages of a launch; freestanding, since the trampoline
// writes them too. The protocol is drawn in launch/channel.hpp.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace caisson::launch {

// The first byte of every message.
enum class Message : char {
  Maps = 'M',   // stage -> parent: I stand in the new user namespace, write my id maps
  Hooks = 'H',  // child -> parent: the mounts are made, run the hooks of the runtime's namespaces; the network namespace may be
                // attached
  Console = 'C',    // child -> parent: the terminal's master, one descriptor attached
  MountIds = 'I',   // child -> parent: a mount that is not attached yet, one descriptor attached: map its ids
  Stage = 'W',      // child -> parent: where everything that the container writes goes, one descriptor attached
  Listener = 'L',   // child -> parent: the number of my seccomp listener follows, fetch it
  Note = 'N',       // child -> parent: a sentence for the user follows
  Step = 'T',       // child -> parent: a StepRecord follows (only when asked to report)
  Ready = 'R',      // trampoline -> parent: waiting for start
  GoesAhead = 'G',  // trampoline -> parent or `start`: execve comes next; end of file after this means that it succeeded
  Failure = 'F',    // any -> parent or `start`: a FailureHeader and its texts
  Network = 'n',    // parent -> child: the network namespace is there, join it
  Continue = 'c',   // parent -> child: done what you waited for
  Start = 'S',      // `start` -> trampoline
};

// Texts follow, each ended by NUL: frame_count frames, innermost first, then the hint (which may be empty).
struct FailureHeader {
  Message message = Message::Failure;
  uint8_t version = 1;
  uint8_t kind = 0;  // caisson::ErrorKind
  uint8_t frame_count = 0;
  int32_t errno_value = 0;
};

struct StepRecord {
  Message message = Message::Step;
  uint8_t unused = 0;
  uint16_t step = 0;  // plan::InitStep
  uint32_t unused_too = 0;
  uint64_t begin_ns = 0, end_ns = 0;  // CLOCK_MONOTONIC of the initial time namespace where the step ran there
};

inline constexpr size_t kMaxMessage = 8192;

}  // namespace caisson::launch
