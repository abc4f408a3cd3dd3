#include "life/keep.hpp"

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "launch/missing_program.hpp"
#include "launch/monitor.hpp"
#include "life/clock.hpp"
#include "life/look.hpp"
#include "life/restart_policy.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::life {
namespace {

Exit exit_now(const Record& record, int code) {
  const timespec time = sys::realtime();
  return {.run = record.run, .code = code, .signal = 0, .seconds = time.tv_sec, .nanoseconds = time.tv_nsec};
}

// The two ends of the container's output: what its processes write to, and what the monitor reads.
struct Output {
  sys::PipeEnds output, error;
};

sys::PipeEnds log_pipe() {
  sys::PipeEnds ends = sys::make_pipe().or_throw("make a pipe for the log");
  sys::set_nonblocking(ends.read.borrow(), true).or_throw("set up a pipe for the log");
  return ends;
}

launch::MonitorOrders orders_for(const KeepContext& context, Entry& entry, std::string_view phase) {
  return {.directory = entry.directory(),
          .exit_file = entry.become_keeper(),
          .run = entry.record.run,
          .log_files = entry.record.log_files,
          .log_most_bytes = entry.record.log_most_bytes,
          .title = text::join("caisson: ", entry.record.name),
          .arguments = {"caisson", "--root", context.life.state_root, std::string(kKeepCommand), std::string(phase),
                        context.store_path, entry.id()}};
}

void note_start(Entry& entry, const lifecycle::ContainerWish& wish) {
  Record& record = entry.record;
  ++record.run;
  record.started = current_moment();
  record.boot_id = host::read_boot_id();
  record.args = wish.spec.process->args;
  record.error.clear();
  record.restarting = false;
  record.keeper.reset();
  entry.save();
}

// Ends as the monitor, or by an exception that has taken everything back.
[[noreturn]] void run_and_watch(const KeepContext& context, Entry& entry, lifecycle::ContainerWish wish,
                                std::optional<sys::BorrowedFd> channel) {
  launch::MonitorOrders orders = orders_for(context, entry, kEnded);
  orders.channel = channel;
  const bool terminal = wish.terminal != lifecycle::Terminal::None;
  Output pipes;
  if (!terminal) pipes = {log_pipe(), log_pipe()};
  if (terminal)
    launch::redirect_streams({});
  else
    launch::redirect_streams({pipes.output.write.borrow(), pipes.error.write.borrow()});
  const std::vector<sys::UniqueFd> held = std::move(wish.held);
  for (const sys::UniqueFd& fd : held) orders.held.push_back(fd.borrow());
  if (wish.network != nullptr)
    for (const sys::BorrowedFd fd : wish.network->held()) orders.held.push_back(fd);
  lifecycle::StepLog steps(false, "");
  lifecycle::NewContainer container(context.life, std::move(wish), steps);
  container.begin();
  container.finish();
  container.run_poststart_hooks();
  const sys::UniqueFd master = container.take_console();
  if (master.valid()) sys::set_nonblocking(master.borrow(), true).or_throw("set up the terminal");
  orders.process = container.process().borrow();
  orders.output = terminal ? master.borrow() : pipes.output.read.borrow();
  if (!terminal) orders.error = pipes.error.read.borrow();
  container.commit();
  entry.unlock();
  launch::become_monitor(orders);
}

int status_of_failure(const Error& error) {
  if (error.kind() != ErrorKind::Payload) return 125;
  return launch::is_missing_program(error) ? 127 : 126;
}

// A start that failed is the end of a run, too: otherwise nobody would see why.
void note_failure(Entry& entry, const Error& error) {
  entry.record.error = error.message();
  entry.record.restarting = false;
  entry.save();
  entry.write_exit(exit_now(entry.record, status_of_failure(error)));
}

int finish(Entry& entry) {
  if (entry.record.remove_at_end) entry.remove();
  return 0;
}

}  // namespace

void start(const KeepContext& context, Entry& entry, lifecycle::ContainerWish wish) {
  entry.record.stopped_by_user = false;
  entry.record.restarts = entry.record.delay_ms = 0;
  note_start(entry, wish);
  lifecycle::ContainerNetwork* const network = wish.network;
  try {
    launch::start_keeper(
        [&](const launch::Channel& channel) { run_and_watch(context, entry, std::move(wish), channel.borrow()); });
  } catch (const Error& error) {
    entry.lock();
    clean_up_run(context.life, entry.id());
    note_failure(entry, error);
    entry.unlock();
    throw;
  }
  if (network != nullptr) network->leave_to_others();
  entry.unlock();
}

int after_end(const KeepContext& context, Entry& entry) {
  entry.lock();
  clean_up_run(context.life, entry.id());
  const std::optional<Exit> exit = entry.exit();
  Record& record = entry.record;
  const bool again =
      exit && !record.stopped_by_user && wants_restart(parse_restart_policy(record.restart), exit->code, record.restarts);
  if (!again) return finish(entry);
  record.delay_ms = restart_delay_ms(record.delay_ms, (nanoseconds_of(*exit) - record.started) / 1'000'000);
  ++record.restarts;
  record.restarting = true;
  record.keeper = state::identify(sys::process_id(), host::read_boot_id());
  entry.save();
  launch::MonitorOrders orders = orders_for(context, entry, kAgain);
  orders.delay_ms = record.delay_ms;
  entry.unlock();
  launch::become_monitor(orders);
}

int again(const KeepContext& context, Entry& entry) {
  entry.lock();
  if (entry.record.stopped_by_user) return finish(entry);
  try {
    lifecycle::ContainerWish wish = context.wish_of(entry.record);
    note_start(entry, wish);
    run_and_watch(context, entry, std::move(wish), std::nullopt);
  } catch (const Error& error) {
    note_failure(entry, error);
    entry.unlock();
    return 125;
  }
}

}  // namespace caisson::life
