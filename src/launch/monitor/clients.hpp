// Who is attached to the container: they see what it prints, and write to its standard input. None can hold up the payload for
// long: one that does not read for three seconds is let go.
#pragma once

#include <linux/poll.h>
#include <stddef.h>

#include "launch/monitor/attach.hpp"
#include "launch/monitor/config.hpp"

namespace caisson::launch {

class Clients {
 public:
  static constexpr int kPlaces = kMostAttached + 2;

  explicit Clients(const MonitorConfig& config);

  // What to wait for, and what is done when that has happened.
  void fill(pollfd* places) const;
  void serve(const pollfd* places);

  // message: room for its first byte, then what a stream (0, 1) has given; size counts both.
  void show(int stream, char* message, size_t size);

 private:
  void accept();
  void take_from(int& client);
  void write_input();
  void set_window();
  static void let_go(int& client);

  int listener_, input_;
  int clients_[kMostAttached];
  // A message on its way to the input: no further one is read before that is written.
  size_t begin_ = 0, end_ = 0;
  char message_[1 + kMostAttachData];  // not initialised: a page that nobody needs until somebody attaches
};

}  // namespace caisson::launch
