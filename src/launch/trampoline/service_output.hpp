// The output of services on its way through PID 1: whole lines, each behind the name of its service. Freestanding and pure.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace caisson::launch {

// A longer line is cut there, so that one service cannot keep PID 1 waiting for its end.
inline constexpr uint32_t kMostServiceLine = 4096;
inline constexpr uint32_t kMostPrefix = 64;

// What a service has written and nobody has taken yet.
struct LineBuffer {
  uint32_t begin = 0, end = 0;
  char data[kMostServiceLine];

  uint32_t room() {
    // A buffer that nothing was read into is not written to either: it costs no page then.
    if (begin == end && end != 0) begin = end = 0;
    if (end == kMostServiceLine && begin > 0) {
      for (uint32_t i = begin; i < end; ++i) data[i - begin] = data[i];
      end -= begin;
      begin = 0;
    }
    return kMostServiceLine - end;
  }
  // Bytes of the first line with its newline; 0: none is whole.
  uint32_t line() const {
    for (uint32_t i = begin; i < end; ++i)
      if (data[i] == '\n') return i + 1 - begin;
    return 0;
  }
  bool full() const { return begin == 0 && end == kMostServiceLine; }
};

// What is to be written to the container's own output.
struct Sink {
  uint32_t begin = 0, end = 0;
  char data[16384];

  uint32_t used() const { return end - begin; }
  // Whether a line of that size fits behind a name.
  bool fits(uint32_t size) {
    if (begin == end) begin = end = 0;
    return sizeof data - end >= size + kMostPrefix + 1;
  }
  void add(const char* text, uint32_t size) {
    for (uint32_t i = 0; i < size; ++i) data[end++] = text[i];
  }
};

enum class Rest : unsigned char { Kept, Flushed };  // Flushed: what is no whole line becomes one

// Takes the next line over; false: there is none, or no room for it.
inline bool move_line(Sink& sink, LineBuffer& from, const char* prefix, uint32_t prefix_size, Rest rest) {
  uint32_t size = from.line();
  const bool whole = size > 0;
  if (!whole && (from.full() || rest == Rest::Flushed)) size = from.end - from.begin;
  if (size == 0 || !sink.fits(size)) return false;
  sink.add(prefix, prefix_size);
  sink.add(from.data + from.begin, size);
  if (!whole) sink.add("\n", 1);
  from.begin += size;
  return true;
}

}  // namespace caisson::launch
