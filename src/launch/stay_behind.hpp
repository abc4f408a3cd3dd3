// A process that stays in the namespaces of now while its maker goes on to new ones, then does one thing from there. When its
// maker fails or dies first it ends without having done anything.
#pragma once

#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::launch {

class StayBehind {
 public:
  // work(): the exit status; must not throw. It is called in the new process once finish() was called here.
  template <class Work>
  explicit StayBehind(Work work) {
    if (begin() == 0) sys::exit_now(told_to_go() ? work() : 1);
  }
  ~StayBehind();
  StayBehind(const StayBehind&) = delete;
  StayBehind& operator=(const StayBehind&) = delete;

  // Lets it work, waits for its end, and gives its exit status, or 128 and the signal.
  int finish();

 private:
  pid_t begin();
  bool told_to_go() noexcept;

  sys::PipeEnds pipe_;
  sys::Cloned child_;
};

}  // namespace caisson::launch
