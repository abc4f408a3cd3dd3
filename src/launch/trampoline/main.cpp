// The trampoline: the last program before the payload. It runs from a sealed memfd, so that neither the payload nor a process
// already inside can reach the runtime's own binary through /proc/PID/exe (CVE-2019-5736), and it is all that waits in the
// created state. The quiet zone: no allocation, no C library, nothing but system calls on finished values.
#include <asm/signal.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/socket.h>

#include "launch/trampoline/await_start.hpp"
#include "launch/trampoline/close_from.hpp"
#include "launch/trampoline/config.hpp"
#include "launch/trampoline/filter.hpp"
#include "launch/trampoline/freestanding.hpp"
#include "launch/trampoline/hold.hpp"
#include "launch/trampoline/hooks.hpp"
#include "launch/trampoline/last_step.hpp"

namespace caisson::launch {

[[noreturn]] void leave(int status) {
  for (;;) call(__NR_exit_group, status);
}

[[noreturn]] void fail(int report, long result, const char* doing, const char* detail) {
  send_failure(report, kErrorKindKernel, static_cast<int>(-result), doing, detail, "start the payload", nullptr);
  leave(kSetupFailed);
}

namespace {

// Appended by the runtime: the linker script names the place.
extern "C" const char caisson_config[];

const Config& config() { return *reinterpret_cast<const Config*>(caisson_config); }
const char* text_at(Text text) { return caisson_config + text.at; }

void send_byte(int socket, Message message) { call(__NR_write, socket, &message, 1); }

void end_by(int signal) { leave(128 + signal); }

// The kernel gives the first process of a pid namespace no signal that it has no handler for. A container that waits for start
// has no program yet that could decide: it ends when it is asked to.
void set_polite_signals(unsigned long disposition) {
  constexpr unsigned char kPolite[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
  for (const unsigned char signal : kPolite) set_disposition(signal, disposition);
}

// Returns the connection of the `start` command that asked to go on.
int wait_for_start(int listener, int channel) {
  // The runtime or `start` may be killed at any time; that must not end the container.
  set_disposition(SIGPIPE, kSignalIgnored);
  set_polite_signals(reinterpret_cast<unsigned long>(end_by));
  send_byte(channel, Message::Ready);
  call(__NR_close, channel);
  const int asked = await_start(listener);
  if (asked < 0) leave(kSetupFailed);
  set_polite_signals(kSignalDefault);
  return asked;
}

void write_labels(int report) {
  const auto* labels = reinterpret_cast<const Label*>(caisson_config + config().labels_at);
  for (uint32_t i = 0; i < config().label_count; ++i) {
    long file = call(__NR_openat, config().proc, text_at(labels[i].file), O_WRONLY | O_CLOEXEC);
    if (file == -ENOENT && labels[i].older_file.size > 0)
      file = call(__NR_openat, config().proc, text_at(labels[i].older_file), O_WRONLY | O_CLOEXEC);
    if (file < 0) fail(report, file, "open ", text_at(labels[i].file));
    const long written = call(__NR_write, file, text_at(labels[i].value), labels[i].value.size);
    if (written < 0) fail(report, written, "set the security label ", text_at(labels[i].value));
    call(__NR_close, file);
  }
}

[[noreturn]] void run(int argc, char** argv, char** envp) {
  if (config().magic == kConfigMagic && config().holds != 0) hold_descriptors(config().channel);
  // execve has just made the process dumpable again: undo that before anything else (CVE-2016-9962).
  call(__NR_prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (config().magic != kConfigMagic || argc < 2) leave(kSetupFailed);
  int report = config().channel;
  if (config().listener >= 0)
    report = wait_for_start(config().listener, report);
  else
    call(__NR_fcntl, report, F_SETFD, FD_CLOEXEC);
  // Again, since a change of user clears it. A runtime that is gone already closed the channel: the next write ends us.
  if (config().dies_with_runtime != 0) call(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  run_start_hooks(config(), envp, report);
  write_labels(report);
  LastStep last{.config = config(), .argv = argv, .envp = envp, .report = report};
  prepare(last);
  close_from(3 + config().preserved, static_cast<uint32_t>(report));
  // Before the filter, which need not allow either call; a failure after this is still heard.
  send_byte(report, Message::GoesAhead);
  if (config().listener >= 0) set_disposition(SIGPIPE, kSignalDefault);  // execve would keep that it is ignored
  if (const long result = load_filter(config()); result != 0) fail(report, result, "load the seccomp filter");
  carry_out(last);
}

}  // namespace

extern "C" [[noreturn]] void program_main(long* stack) {
  const auto argc = static_cast<int>(*stack);
  auto** argv = reinterpret_cast<char**>(stack + 1);
  run(argc, argv, argv + argc + 1);
}

}  // namespace caisson::launch
