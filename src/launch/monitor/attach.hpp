// What crosses the socket between the monitor and whoever is attached to the container: messages of a byte that says what they
// are, and data. Freestanding. The end of the run closes the socket.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace caisson::launch {

enum class AttachMessage : char {
  Output = 'o',  // monitor -> client: what the container printed, or its terminal shows
  Error = 'e',   // monitor -> client: what it printed on standard error
  Input = 'i',   // client -> monitor: for its standard input
  Window = 'w',  // client -> monitor: an AttachWindow, the size of the client's terminal
};

struct AttachWindow {
  uint16_t rows = 0, columns = 0, x_pixels = 0, y_pixels = 0;  // as TIOCSWINSZ takes them
};

inline constexpr size_t kMostAttachData = 4096;
inline constexpr int kMostAttached = 8;
// In the container's directory.
inline constexpr char kAttachSocket[] = "attach";

}  // namespace caisson::launch
