// What PID 1 of a container with services tells about them: a file that it has mapped, and that readers outside look into by
// the file alone. Written by one process, field by field: a reader may see a service between two states, never half a number.
// Freestanding.
#pragma once

#include <stdint.h>

namespace caisson::launch {

inline constexpr uint32_t kMostServices = 64;
inline constexpr uint32_t kMostServiceName = 32;  // bytes

enum class ServiceState : uint32_t {
  Waiting,  // not started yet
  Running,
  Stopping,    // its stop signal was sent
  Restarting,  // waits for its delay
  Ended,       // for good
  Stopped,     // by hand, until somebody starts it
};

struct ServiceRow {
  char name[kMostServiceName + 1] = {};  // ends in NUL
  uint32_t state = 0;                    // ServiceState
  int32_t pid = 0;                       // in the container; 0: none
  uint32_t starts = 0, restarts = 0;     // restarts: since somebody started it, by its policy
  int32_t status = 0;                    // of its last end, as a shell counts
  int64_t since = 0;                     // of the state: seconds since 1970
};

struct ServicesPage {
  uint64_t magic = 0;
  uint32_t count = 0, stopping = 0;
  ServiceRow rows[kMostServices];
};
inline constexpr uint64_t kServicesMagic = 0x3153434956524553;

// What somebody outside asks for: the value of a queued SIGRTMAX (man 3 sigqueue).
enum class ServiceOrder : uint32_t { Start = 1, Stop = 2, Restart = 3 };
inline constexpr int kServiceOrderSignal = 64;
constexpr uint32_t order_value(ServiceOrder order, uint32_t index) { return static_cast<uint32_t>(order) << 8U | index; }

}  // namespace caisson::launch
