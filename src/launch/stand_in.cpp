#include "launch/stand_in.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <cerrno>

#include "process/signals.hpp"

namespace caisson::launch {
namespace {

std::string_view hint_for(int errno_value) {
  if (errno_value == ENOMEM)
    return "the first process (PID 1) of the pid namespace has ended: nothing can be started in it any more";
  if (errno_value == EAGAIN) return "a process limit is reached: pids.max of a cgroup, or RLIMIT_NPROC of this user";
  return {};
}

void stop_with(const sys::Cloned& child) {
  sys::send_signal_to_pid(sys::process_id(), SIGSTOP).or_throw("stop with the program");
  // It may have ended, or somebody else may have continued it.
  static_cast<void>(sys::send_signal(child.process, SIGCONT));
}

int end_by(int signal) {
  if (const auto limit = sys::get_resource_limit(0, RLIMIT_CORE); limit.ok())
    static_cast<void>(sys::set_resource_limit(0, RLIMIT_CORE, {0, limit.value().rlim_max}));
  static_cast<void>(process::die_of(signal));
  return 128 + signal;
}

}  // namespace

int stand_in_for(const sys::Cloned& child) {
  for (;;) {
    const auto ended = sys::wait_for_stop_or_end(child.process).or_throw("wait for the program");
    if (ended) return ended->signalled ? end_by(ended->value) : ended->value;
    stop_with(child);
  }
}

std::optional<int> continue_in_child() {
  // Where the caller's caller ignores it, the kernel reaps the child before anybody can ask how it ended.
  sys::default_action(SIGCHLD).or_throw("have the end of children reported");
  auto cloned = sys::clone_with_pidfd();
  if (!cloned.ok()) throw Error(ErrorKind::Kernel, "fork failed", cloned.err()).with_hint(std::string(hint_for(cloned.err())));
  const sys::Cloned child = std::move(cloned).value();
  if (child.pid == 0) return std::nullopt;
  return stand_in_for(child);
}

}  // namespace caisson::launch
