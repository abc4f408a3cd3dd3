// A service as PID 1 knows it. Freestanding.
#pragma once

#include "launch/trampoline/config.hpp"
#include "launch/trampoline/service_output.hpp"
#include "launch/trampoline/services_page.hpp"

namespace caisson::launch {

struct Supervised {
  const TrampolineService* orders;
  ServiceRow* row;
  long pid;
  int64_t started_ms, deadline_ms;  // of the restart, or of SIGKILL; 0: none
  uint32_t delay_ms;
  bool stop_by_hand, restart_by_hand;
  char prefix[kMostPrefix];
  uint32_t prefix_size;
  // Both ends stay open over restarts, so that nothing of a service is lost, whoever holds its output.
  int read_ends[2], write_ends[2];
  bool flush[2];         // it has ended: what is left is a line
  LineBuffer* lines[2];  // apart: a service that prints nothing costs no page

  ServiceState state() const { return static_cast<ServiceState>(row->state); }
  bool alive() const { return pid > 0; }
};

}  // namespace caisson::launch
