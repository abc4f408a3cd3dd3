// Work that is done beside the caller, in a process of its own that has no rights: no capabilities, no descriptor but those
// that are named, and no system calls but reading them, waiting, and memory for itself. For what reads bytes of strangers. It
// gives its results in memory that was shared before, and ends with its maker.
#pragma once

#include <functional>
#include <span>

#include "sys/process.hpp"

namespace caisson::launch {

class Beside {
 public:
  Beside() = default;
  // what: for messages. work() runs in the new process; what it throws ends the process with status 1.
  Beside(std::string_view what, std::span<const sys::BorrowedFd> kept, const std::function<void()>& work);
  Beside(Beside&& other) noexcept : process_(std::move(other.process_)), pid_(other.pid_) {}
  Beside& operator=(Beside&&) = delete;
  ~Beside();

  bool has_ended() const noexcept { return sys::has_ended(process_); }
  // Once it has ended: "was killed by SIGKILL".
  std::string end_in_words();

 private:
  sys::Pidfd process_;
  pid_t pid_ = 0;
};

}  // namespace caisson::launch
