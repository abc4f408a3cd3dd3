// Moments as the store keeps them: nanoseconds since 1970.
#pragma once

#include <cstdint>

#include "sys/process.hpp"

namespace caisson::life {

inline constexpr std::int64_t kSecond = 1'000'000'000;

inline std::int64_t current_moment() {
  const timespec time = sys::realtime();
  return std::int64_t{time.tv_sec} * kSecond + time.tv_nsec;
}

}  // namespace caisson::life
