#include "launch/stay_behind.hpp"

#include <utility>

namespace caisson::launch {

// The end to read from stays open here too: writing to a process that was killed must not raise SIGPIPE.
pid_t StayBehind::begin() {
  pipe_ = sys::make_pipe().or_throw("pipe failed");
  child_ = sys::clone_with_pidfd().or_throw("fork failed");
  return child_.pid;
}

bool StayBehind::told_to_go() noexcept {
  pipe_.write.reset();
  char word = 0;
  const auto read = sys::read_some(pipe_.read.borrow(), &word, 1);
  return read.ok() && read.value() == 1;
}

int StayBehind::finish() {
  sys::write_full(pipe_.write.borrow(), "g").or_throw("write to a process that stayed behind");
  pipe_.write.reset();
  const sys::Pidfd process = std::move(child_.process);
  return sys::wait_for(process).or_throw("waitpid failed").as_shell();
}

StayBehind::~StayBehind() {
  if (child_.process.valid()) sys::end_child(child_.pid, child_.process);
}

}  // namespace caisson::launch
