#include "life/end.hpp"

#include <signal.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "lifecycle/commands.hpp"
#include "process/signals.hpp"
#include "sys/process.hpp"

namespace caisson::life {
namespace {

void signal_first(const lifecycle::Container& container, int signal) {
  const sys::SysStatus sent = sys::send_signal(*container.live.init, signal);
  if (!sent.ok() && sent.err() != ESRCH)
    throw Error(ErrorKind::Kernel, text::join("send ", process::signal_name(signal), " to the container"), sent.err());
}

bool ends_within(const lifecycle::Container& container, int milliseconds) {
  const auto ended = sys::wait_readable(container.live.init->borrow(), milliseconds).or_throw("wait for the container's end");
  return ended == sys::Readiness::Ready;
}

// Locked, and not started again by its keeper from here on.
void keep_ended(Entry& entry) {
  entry.lock();
  entry.record.stopped_by_user = true;
  entry.save();
}

}  // namespace

void end_waiting_keeper(Entry& entry) {
  if (!entry.record.keeper || !entry.record.restarting || !entry.has_keeper()) return;
  // It does something only with the lock, which is ours.
  if (const auto keeper = state::open_verified(*entry.record.keeper, host::read_boot_id())) {
    sys::send_signal(*keeper, SIGKILL).or_throw("end the monitor of container ", entry.record.name);
    entry.wait_for_keeper();
  }
  entry.record.restarting = false;
  entry.record.keeper.reset();
  entry.save();
}

void stop(const lifecycle::Context& context, Entry& entry, int patience_s) {
  keep_ended(entry);
  end_waiting_keeper(entry);
  const auto container = live_container(context, entry);
  if (container) {
    signal_first(*container, process::parse_signal(entry.record.stop_signal));
    // A frozen process takes the signal when it is thawed.
    if (container->live.status == state::Status::Paused) container->cgroup().thaw();
  }
  entry.unlock();
  if (container && !ends_within(*container, patience_s < 0 ? -1 : patience_s * 1000)) lifecycle::kill_and_wait(*container);
  entry.wait_for_keeper();
  static_cast<void>(look_and_repair(context, entry));
}

void kill(const lifecycle::Context& context, Entry& entry, int signal) {
  entry.lock();
  if (signal == SIGKILL || signal == process::parse_signal(entry.record.stop_signal)) {
    entry.record.stopped_by_user = true;
    entry.save();
  }
  if (!live_container(context, entry)) {
    entry.unlock();
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " is not running"));
  }
  lifecycle::kill(context, {.id = entry.id(), .signal = signal});
  entry.unlock();
}

void remove(const lifecycle::Context& context, Entry& entry, RemoveLive live) {
  entry.lock();
  const auto container = live_container(context, entry);
  if (container && live == RemoveLive::Refuse) {
    entry.unlock();
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " is running"))
        .with_hint("stop it first; caisson rm --force kills it");
  }
  entry.record.stopped_by_user = true;
  entry.save();
  end_waiting_keeper(entry);
  if (container) lifecycle::kill_and_wait(*container);
  entry.unlock();
  entry.wait_for_keeper();
  if (entry.is_removed()) return;
  entry.lock();
  clean_up_run(context, entry.id());
  entry.remove();
}

std::optional<int> wait(const lifecycle::Context& context, Entry& entry) {
  if (!entry.has_keeper())
    if (const auto container = live_container(context, entry)) static_cast<void>(ends_within(*container, -1));
  entry.wait_for_keeper();
  const std::optional<Exit> exit = entry.exit();
  if (!entry.is_removed()) {
    entry.lock();  // for the number of its last run
    entry.unlock();
    static_cast<void>(look_and_repair(context, entry));
    if (entry.record.run == 0) return 0;
    if (!exit || exit->run != entry.record.run) return std::nullopt;
  }
  if (!exit) return std::nullopt;
  return exit->code;
}

}  // namespace caisson::life
