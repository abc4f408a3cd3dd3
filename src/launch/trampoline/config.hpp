// What the runtime hands to the trampoline: one read-only block, appended to the trampoline's image and mapped by the kernel
// with it. Freestanding. Offsets count from the start of Config; 0 means absent.
//
// argv[0] of the trampoline is the path of the payload, argv[1] and on are the payload's own arguments; the environment is the
// payload's. So nothing has to be copied: the kernel has put both where execve wants them.
#pragma once

#include <stdint.h>

namespace caisson::launch {

struct Text {
  uint32_t at = 0, size = 0;  // size without the final NUL that is always there
};

// One write to a file of /proc/thread-self/attr: the first of the two paths that exists takes it.
struct Label {
  Text file, older_file, value;
};

struct TrampolineHook {
  Text path, title;                // title: what an error calls it
  uint32_t argv_at = 0, argc = 0;  // array of Text
  uint32_t envp_at = 0, envc = 0;  // array of Text
  uint32_t inherits_env = 0;       // 1: the environment of the payload instead
  int32_t timeout_s = 0;           // 0: none
};

// A program of its own below PID 1 (supervisor.hpp). Those that it comes after stand before it in the array.
struct TrampolineService {
  Text name, directory;
  uint32_t argv_at = 0, argc = 0;          // array of Text
  uint32_t env_at = 0, env_count = 0;      // array of Text: in place of the container's variables of the same names
  uint32_t after_at = 0, after_count = 0;  // array of uint32_t: their places
  uint32_t switches_user = 0, uid = 0, gid = 0, groups_at = 0, group_count = 0;
  int32_t stop_signal = 0;
  uint32_t stop_timeout_ms = 0;
  uint32_t restart = 0, most_restarts = 0;  // RestartWhen
};

// When a container with services ends: with all of them, with the first, or with a certain one.
inline constexpr uint32_t kEndsWithAll = ~0U, kEndsWithFirst = ~0U - 1;

struct Config {
  uint64_t magic = 0;
  int32_t channel = -1;                                         // seqpacket socket to the runtime
  int32_t listener = -1;                                        // listening seqpacket socket for `start`; -1: execute at once
  int32_t proc = -1;                                            // procfs root of our own, for labels; -1: none
  uint32_t preserved = 0;                                       // descriptors 3 to 3 + preserved - 1 stay open for the payload
  uint32_t filter_at = 0, filter_length = 0, filter_flags = 0;  // struct sock_filter[], seccomp(2) flags
  uint32_t labels_at = 0, label_count = 0;
  uint32_t hooks_at = 0, hook_count = 0;        // startContainer hooks
  Text hook_state;                              // the state document for their standard input
  uint32_t dies_with_runtime = 0;               // 1: SIGKILL when the runtime ends (man 2 PR_SET_PDEATHSIG)
  uint32_t init = 0;                            // 1: stay as PID 1 and run the payload as a child
  uint32_t services_at = 0, service_count = 0;  // instead of a payload
  uint32_t ends_with = kEndsWithAll;            // or the place of a service
  int32_t services_page = -1;                   // file of a ServicesPage
  uint32_t holds = 0;                           // 1: there is no payload: only keep the preserved descriptors open (hold.hpp)
};

inline constexpr uint64_t kConfigMagic = 0x31676e6f73736961;

}  // namespace caisson::launch
