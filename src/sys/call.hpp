// The single gate through which sys/ enters the kernel. In a test build (CAISSON_FAULT_POINTS) every passage is counted and
// the n-th can be made to fail or to kill the process: see fault_points.hpp.
#pragma once

#include <type_traits>

#include "sys/fd.hpp"
#include "sys/raw_syscall.hpp"
#include "sys/result.hpp"

#ifdef CAISSON_FAULT_POINTS
#include "sys/fault_points.hpp"
#endif

namespace caisson::sys {

template <class Arg>
inline long as_word(Arg arg) noexcept {
  if constexpr (std::is_pointer_v<Arg>)
    return reinterpret_cast<long>(arg);
  else if constexpr (std::is_null_pointer_v<Arg>)
    return 0;
  else
    return static_cast<long>(arg);
}

// Result of the kernel: >= 0, or a negative errno.
template <class... Args>
inline long call(long number, Args... args) noexcept {
#ifdef CAISSON_FAULT_POINTS
  if (const long injected = fault_points::pass(number); injected != 0) return injected;
#endif
  return raw_syscall(number, as_word(args)...);
}

inline SysStatus status_of(long result) noexcept {
  return result < 0 ? SysStatus::failed(static_cast<int>(-result)) : SysStatus(Unit{});
}

template <class T>
inline SysResult<T> result_of(long result) noexcept {
  return result < 0 ? SysResult<T>::failed(static_cast<int>(-result)) : SysResult<T>(static_cast<T>(result));
}

// Fd: UniqueFd or one of the types of descriptors that are made of it.
template <class Fd>
inline SysResult<Fd> fd_of(long result) noexcept {
  if (result < 0) return SysResult<Fd>::failed(static_cast<int>(-result));
  return Fd{UniqueFd(static_cast<int>(result))};
}

// EINTR is retried: for calls that have no effect when interrupted. Never for close(2).
template <class Call>
inline long retry_eintr(Call again) noexcept {
  long result;
  do result = again();
  while (result == -4);
  return result;
}

}  // namespace caisson::sys
