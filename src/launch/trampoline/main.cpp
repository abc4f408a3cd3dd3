// The trampoline: the last program before the payload. It runs from a sealed memfd, so that neither the payload nor a process
// already inside can reach the runtime's own binary through /proc/PID/exe (CVE-2019-5736), and it is all that waits in the
// created state. The quiet zone: no allocation, no C library, nothing but system calls on finished values.
#include <linux/close_range.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/filter.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <linux/socket.h>

#include "launch/trampoline/await_start.hpp"
#include "launch/trampoline/config.hpp"
#include "launch/trampoline/freestanding.hpp"
#include "launch/trampoline/hold.hpp"
#include "launch/trampoline/hooks.hpp"
#include "launch/trampoline/init.hpp"
#include "launch/trampoline/interpreter.hpp"
#include "launch/trampoline/supervisor.hpp"

namespace caisson::launch {
namespace {

// Filled by the runtime: the linker script gives the segment this place.
extern "C" const char caisson_config[];

constexpr int kErrorKindKernel = 3;
constexpr int kErrorKindPayload = 5;
constexpr int kSetupFailed = 125;

const Config& config() { return *reinterpret_cast<const Config*>(caisson_config); }
const char* text_at(Text text) { return caisson_config + text.at; }

[[noreturn]] void leave(int status) {
  for (;;) call(__NR_exit_group, status);
}

[[noreturn]] void fail(int report, long result, const char* doing, const char* detail = nullptr) {
  send_failure(report, kErrorKindKernel, static_cast<int>(-result), doing, detail, "start the payload", nullptr);
  leave(kSetupFailed);
}

void send_byte(int socket, Message message) { call(__NR_write, socket, &message, 1); }

// The runtime or `start` may be killed at any time; that must not end the container by SIGPIPE. execve would keep SIG_IGN.
void set_sigpipe(unsigned long disposition) {
  const struct { unsigned long handler, flags, restorer, mask; } action{disposition, 0, 0, 0};
  constexpr int kSigpipe = 13;
  call(__NR_rt_sigaction, kSigpipe, &action, 0, 8);
}

// Returns the connection of the `start` command that asked to go on.
int wait_for_start(int listener, int channel) {
  set_sigpipe(1);  // SIG_IGN
  send_byte(channel, Message::Ready);
  call(__NR_close, channel);
  const int asked = await_start(listener);
  if (asked < 0) leave(kSetupFailed);
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

// Really closed, not only marked: nothing but stdio, the preserved ones and the report channel is there from here on.
void close_others(int report) {
  const auto first = 3 + config().preserved;
  const auto channel = static_cast<uint32_t>(report);
  long result = 0;
  if (channel > first) result = call(__NR_close_range, first, channel - 1, 0);
  if (result == 0) result = call(__NR_close_range, channel + 1, ~0U, 0);
  if (result < 0) fail(report, result, "close descriptors");
}

void load_filter(int report) {
  if (config().filter_length == 0) return;
  sock_fprog program{static_cast<unsigned short>(config().filter_length),
                     reinterpret_cast<sock_filter*>(const_cast<char*>(caisson_config + config().filter_at))};
  const long result = call(__NR_seccomp, SECCOMP_SET_MODE_FILTER, config().filter_flags, &program);
  if (result != 0) fail(report, result, "load the seccomp filter");
}

ServicesPage* map_page(int report) {
  const long at = call(__NR_mmap, 0, sizeof(ServicesPage), PROT_READ | PROT_WRITE, MAP_SHARED, config().services_page, 0);
  if (at < 0) fail(report, at, "map the page of the services");
  return reinterpret_cast<ServicesPage*>(at);
}

struct Payload {
  const char* path;
  char** argv;
  char** envp;
  int report;
};

// Returns a positive errno, after it has been reported; does not return when the payload runs.
int execute(void* argument) {
  const auto& payload = *static_cast<const Payload*>(argument);
  const long result = call(__NR_execve, payload.path, payload.argv, payload.envp);
  char interpreter[256];
  const char* hint = nullptr;
  const char* detail = payload.path;
  const char* doing = "execute ";
  const char* outer = nullptr;
  if (result == -ENOENT && find_missing_interpreter(payload.path, interpreter, sizeof interpreter)) {
    doing = "the file exists, but its interpreter does not: ";
    detail = interpreter;
    outer = payload.path;
    hint = "a dynamic program needs its loader inside the root filesystem, a script the program after #!";
  } else if (result == -ENOEXEC) {
    hint = "the file is for another architecture, or a script without a #! line";
  }
  send_failure(payload.report, kErrorKindPayload, static_cast<int>(-result), doing, detail, outer, hint);
  return static_cast<int>(-result);
}

// sd_listen_fds(3) compares LISTEN_PID with the payload's pid, which only the child of --init knows: room for it to write.
char* make_room_for_listen_pid(char** envp) {
  static char room[trampoline::kListenPidSize];
  constexpr char kName[] = "LISTEN_PID=";
  for (; *envp != nullptr; ++envp) {
    size_t matched = 0;
    while (kName[matched] != 0 && (*envp)[matched] == kName[matched]) ++matched;
    if (kName[matched] != 0) continue;
    *envp = room;
    return room;
  }
  return nullptr;
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
  if (config().dies_with_runtime != 0) call(__NR_prctl, PR_SET_PDEATHSIG, 9, 0, 0, 0);
  run_start_hooks(config(), report);
  write_labels(report);
  ServicesPage* const page = config().service_count > 0 ? map_page(report) : nullptr;
  close_others(report);
  // Before the filter, which need not allow either call; a failure after this is still heard.
  send_byte(report, Message::GoesAhead);
  if (config().listener >= 0) set_sigpipe(0);  // SIG_DFL
  load_filter(report);
  if (page != nullptr) leave(supervise({.config = config(), .envp = envp, .report = report, .page = page}));
  Payload payload{argv[0], argv + 1, envp, report};
  if (config().init == 0) leave(execute(&payload) == ENOENT ? 127 : 126);
  const int status = trampoline::run_init({.listen_pid = make_room_for_listen_pid(envp)}, execute, &payload);
  if (status < 0) fail(report, status, "start the payload below the built-in init");
  leave(status);
}

}  // namespace

extern "C" [[noreturn]] void program_main(long* stack) {
  const auto argc = static_cast<int>(*stack);
  auto** argv = reinterpret_cast<char**>(stack + 1);
  run(argc, argv, argv + argc + 1);
}

}  // namespace caisson::launch
