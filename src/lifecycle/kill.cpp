#include <signal.h>

#include <cerrno>

#include "base/text.hpp"
#include "lifecycle/commands.hpp"
#include "lifecycle/container.hpp"
#include "sys/process.hpp"

namespace caisson::lifecycle {

namespace {

// containerd matches these words.
[[noreturn]] void fail_not_running() { throw Error(ErrorKind::State, "container not running"); }

void signal_init(const Container& container, int signal) {
  const sys::SysStatus sent = sys::send_signal(*container.live.init, signal);
  if (sent.err() == ESRCH) fail_not_running();
  if (!sent.ok()) {
    throw Error(ErrorKind::Kernel, text::join("send signal ", signal, " to container ", container.id()), sent.err());
  }
}

}  // namespace

void kill(const Context& context, const KillRequest& request) {
  const Container container = open_container(context, request.id);
  const cgroup::LiveCgroup cgroup = container.cgroup();
  if (request.all && !cgroup.places().empty()) return cgroup.signal_all(request.signal);
  if (!container.live.init) {
    if (request.all) return;
    // Without a pid namespace of their own the others live on after the first process, and nothing else is left to end them by.
    if (request.signal == SIGKILL && container.record && !container.has_own_pid_namespace() && !cgroup.pids().empty())
      return cgroup.signal_all(SIGKILL);
    fail_not_running();
  }
  signal_init(container, request.signal);
  if (request.signal != SIGKILL) return;
  // The end of the first process ends the others only in a pid namespace of their own; and on cgroup v1 a frozen process takes
  // no signal, not even this one.
  const bool paused = container.live.status == state::Status::Paused;
  if (!container.has_own_pid_namespace() || paused) cgroup.signal_all(SIGKILL);
}

}  // namespace caisson::lifecycle
