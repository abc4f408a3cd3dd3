// The holder: a process of a few KiB that only keeps descriptors open, in the caller's namespaces, in a session of its own and
// without the caller's terminal. It ends by any signal that ends a process.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>

#include "launch/channel.hpp"
#include "sys/process.hpp"

namespace caisson::launch {

inline constexpr int kFirstHeld = 3;  // the number of the first descriptor in the holder; the others follow

// Ends the process unless it was released.
class Holder {
 public:
  // title: what ps(1) shows.
  Holder(std::span<const sys::BorrowedFd> held, const std::string& title);
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder();

  pid_t pid() const noexcept { return pid_; }
  // It lives on by itself. Until then it ends with the caller, also when that is killed.
  void release();

 private:
  Holder() = default;
  void begin(std::span<const sys::BorrowedFd> held, const std::string& title);

  pid_t pid_ = -1;
  sys::Pidfd process_;
  Channel channel_;
  bool released_ = false;
};

}  // namespace caisson::launch
