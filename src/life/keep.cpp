#include "life/keep.hpp"

#include <cerrno>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "launch/missing_program.hpp"
#include "launch/monitor.hpp"
#include "launch/monitor/attach.hpp"
#include "life/clock.hpp"
#include "life/layer.hpp"
#include "life/look.hpp"
#include "life/restart_policy.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace caisson::life {
namespace {

Exit exit_now(const Record& record, int code) {
  const timespec time = sys::realtime();
  return {.run = record.run, .code = code, .signal = 0, .seconds = time.tv_sec, .nanoseconds = time.tv_nsec};
}

// The two ends of the container's output: what its processes write to, and what the monitor reads.
struct Output {
  sys::PipeEnds output, error, input;
};

sys::PipeEnds log_pipe() {
  sys::PipeEnds ends = sys::make_pipe().or_throw("make a pipe for the log");
  sys::set_nonblocking(ends.read.borrow(), true).or_throw("set up a pipe for the log");
  return ends;
}

// For a container that was asked for with --interactive: somebody may attach and write.
sys::PipeEnds input_pipe() {
  sys::PipeEnds ends = sys::make_pipe().or_throw("make a pipe for the input");
  sys::set_nonblocking(ends.write.borrow(), true).or_throw("set up a pipe for the input");
  return ends;
}

sys::UniqueFd listen_for_clients(const Entry& entry) {
  const auto old = sys::unlink_at(entry.directory(), launch::kAttachSocket);
  if (!old.ok() && old.err() != ENOENT)
    throw Error(ErrorKind::Kernel, text::join("remove ", entry.path(), "/attach"), old.err());
  return sys::listen_at(entry.directory(), launch::kAttachSocket, sys::SocketType::SeqPacket, kRecordMode)
      .or_throw("listen at ", entry.path(), "/attach");
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
                                sys::BorrowedFd listener, std::optional<sys::BorrowedFd> channel) {
  launch::MonitorOrders orders = orders_for(context, entry, kEnded);
  orders.channel = channel;
  orders.listener = listener;
  const bool terminal = wish.terminal != lifecycle::Terminal::None;
  Output pipes;
  launch::StandardStreams streams;
  if (!terminal) {
    pipes = {.output = log_pipe(), .error = log_pipe(), .input = {}};
    streams = {.output = pipes.output.write.borrow(), .error = pipes.error.write.borrow(), .input = {}};
    if (entry.record.option("interactive") != nullptr) pipes.input = input_pipe();
    if (pipes.input.read.valid()) streams.input = pipes.input.read.borrow();
  }
  launch::redirect_streams(streams);
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
  const sys::UniqueFd stage = container.take_stage();
  if (stage.valid()) orders.stage = stage.borrow();
  orders.process = container.process().borrow();
  orders.output = terminal ? master.borrow() : pipes.output.read.borrow();
  if (!terminal) orders.error = pipes.error.read.borrow();
  if (terminal)
    orders.input = master.borrow();
  else if (pipes.input.write.valid())
    orders.input = pipes.input.write.borrow();
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

void start(const KeepContext& context, Entry& entry, lifecycle::ContainerWish wish, const std::function<void()>& listening) {
  give_layer(entry, wish);
  entry.record.stopped_by_user = false;
  entry.record.restarts = entry.record.delay_ms = 0;
  note_start(entry, wish);
  lifecycle::ContainerNetwork* const network = wish.network;
  try {
    const sys::UniqueFd listener = listen_for_clients(entry);
    if (listening) listening();
    launch::start_keeper([&](const launch::Channel& channel) {
      run_and_watch(context, entry, std::move(wish), listener.borrow(), channel.borrow());
    });
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
    give_layer(entry, wish);
    note_start(entry, wish);
    const sys::UniqueFd listener = listen_for_clients(entry);
    run_and_watch(context, entry, std::move(wish), listener.borrow(), std::nullopt);
  } catch (const Error& error) {
    note_failure(entry, error);
    entry.unlock();
    return 125;
  }
}

}  // namespace caisson::life
