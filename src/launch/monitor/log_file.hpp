// The log of a container: lines of its two streams with time and stream, in files that follow each other (log, log.1, log.2
// ...).
#pragma once

#include <stddef.h>

#include "launch/monitor/config.hpp"

namespace caisson::launch {

class LogFile {
 public:
  explicit LogFile(const MonitorConfig& config);
  // What could not be written is dropped: a full disk must not block the payload.
  void put(int stream, const char* data, size_t size);

 private:
  void open_newest(int flags);
  void rotate();

  const MonitorConfig& config_;
  long file_ = -1;
  uint64_t size_ = 0;
};

}  // namespace caisson::launch
