// The seccomp filter that waits for the end of the trampoline; one that cannot was loaded by the step before it.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "launch/trampoline/config.hpp"
#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {

// 0, or a negative errno.
inline long load_filter(const Config& config) {
  if (config.filter_length == 0) return 0;
  char* const instructions = const_cast<char*>(reinterpret_cast<const char*>(&config)) + config.filter_at;
  sock_fprog program{static_cast<unsigned short>(config.filter_length), reinterpret_cast<sock_filter*>(instructions)};
  return call(__NR_seccomp, SECCOMP_SET_MODE_FILTER, config.filter_flags, &program);
}

}  // namespace caisson::launch
