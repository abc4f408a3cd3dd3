// The output of all services on its way to the container's own. PID 1 never waits for a reader: a service does. Freestanding.
#pragma once

#include <linux/poll.h>

#include "launch/trampoline/supervised.hpp"

namespace caisson::launch {

inline constexpr uint32_t kMostPolled = 3 + 2 * kMostServices;

class SupervisorOutput {
 public:
  SupervisorOutput(Supervised* all, uint32_t count) : all_(all), count_(count) {}

  // Adds what is to be waited for.
  uint32_t poll_for(pollfd* polled, uint32_t used);
  // Reads and writes what can be without waiting.
  void move();
  // Nothing of any service is left.
  bool drained() const;
  // A line of PID 1 itself.
  void say(const char* const* words, uint32_t count);

 private:
  bool has_line(const Supervised& one, int stream) const;
  bool wants_input(const Supervised& one, int stream) const;
  bool has_lines(int stream) const;
  bool read_from(Supervised& one, int stream);
  void take_lines(Supervised& one, int stream);
  void write_out(int stream);
  void hang_up(int stream);

  Supervised* all_;
  uint32_t count_;
  Sink sinks_[2];
};

}  // namespace caisson::launch
