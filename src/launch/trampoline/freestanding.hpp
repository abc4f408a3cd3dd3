// The little that a program without a C library needs: strings, and reports to whoever waits for us.
#pragma once

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

#include "launch/trampoline/record.hpp"
#include "sys/raw_syscall.hpp"

namespace caisson::launch {

template <class... Args>
inline long call(long number, Args... args) {
  return sys::raw_syscall(number, (long)args...);
}

inline size_t length_of(const char* text) {
  size_t length = 0;
  while (text[length] != 0) ++length;
  return length;
}

inline constexpr unsigned long kSignalDefault = 0, kSignalIgnored = 1;
// What a signal does: one of these, or the address of a function.
void set_disposition(int signal, unsigned long disposition);

// Sends a failure record with two frames (outer may be null) and a hint (may be null). kind: caisson::ErrorKind.
void send_failure(int channel, int kind, int errno_value, const char* inner, const char* inner_detail, const char* outer,
                  const char* hint);

}  // namespace caisson::launch
