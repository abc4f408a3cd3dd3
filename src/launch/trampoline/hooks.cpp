#include "launch/trampoline/hooks.hpp"

#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/time_types.h>
#include <linux/wait.h>

#include "launch/trampoline/close_from.hpp"
#include "launch/trampoline/filter.hpp"
#include "launch/trampoline/freestanding.hpp"
#include "launch/trampoline/hook_output.hpp"
#include "launch/trampoline/last_step.hpp"

namespace caisson::launch {
namespace {

constexpr int kMaxWords = 256;
constexpr int kMonotonic = 1;
constexpr int kCannotExecute = 127;

const char* base_of(const Config& config) { return reinterpret_cast<const char*>(&config); }

// Texts of the block as the array that execve wants. Returns false when there are too many.
bool words_of(const Config& config, uint32_t at, uint32_t count, const char** words) {
  if (count >= kMaxWords) return false;
  const auto* texts = reinterpret_cast<const Text*>(base_of(config) + at);
  for (uint32_t i = 0; i < count; ++i) words[i] = base_of(config) + texts[i].at;
  words[count] = nullptr;
  return true;
}

// Written by the child before the hook runs and read by its parent: shared memory, since the filter need not permit a write.
// Both have the same image at the same place, so a text is known by its address.
struct Trouble {
  const char* doing;  // null: the hook itself ran
  int errno_value;
};

struct Streams {
  HookStream out{"stdout", 1}, err{"stderr", 2};
};

struct Start {
  const Config& config;
  const TrampolineHook& hook;
  char** envp;
  int report;
  Trouble* trouble;
};

[[noreturn]] void fail(const Start& start, int errno_value, const char* what, const char* detail = nullptr,
                       const char* hint = nullptr) {
  send_failure(start.report, kErrorKindPayload, errno_value, what, detail, base_of(start.config) + start.hook.title.at, hint);
  leave(kSetupFailed);
}

[[noreturn]] void give_up(const Start& start, const char* doing, long result) {
  *start.trouble = {doing, static_cast<int>(-result)};
  leave(kCannotExecute);
}

[[noreturn]] void become_hook(const Start& start, int input, const Streams& streams) {
  const Config& config = start.config;
  const TrampolineHook& hook = start.hook;
  const char* argv[kMaxWords];
  const char* named[kMaxWords];
  const bool fits = words_of(config, hook.argv_at, hook.argc, argv) && words_of(config, hook.envp_at, hook.envc, named);
  if (!fits) give_up(start, "execute it", -E2BIG);
  const void* const envp = hook.inherits_env != 0 ? static_cast<const void*>(start.envp) : named;
  call(__NR_dup3, input, 0, 0);
  call(__NR_dup3, streams.out.sink(), 1, 0);
  call(__NR_dup3, streams.err.sink(), 2, 0);
  close_from(3, static_cast<uint32_t>(start.report));  // which is close-on-exec
  call(__NR_setpgid, 0, 0);
  // execve would keep that it is ignored.
  set_disposition(SIGPIPE, kSignalDefault);
  if (const long result = load_filter(config); result != 0) give_up(start, "load the seccomp filter", result);
  give_up(start, "execute it", call(__NR_execve, base_of(config) + hook.path.at, argv, envp));
}

long now_ms() {
  __kernel_timespec now{};
  call(__NR_clock_gettime, kMonotonic, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

// The state document on its way to the hook; one that does not read it is no error.
struct Input {
  const char* left;
  size_t size;
  int pipe;  // not blocking

  void feed() {
    const long written = call(__NR_write, pipe, left, size);
    if (written == -EAGAIN || written == -EINTR) return;
    if (written < 0) size = 0;
    if (written > 0) {
      left += written;
      size -= static_cast<size_t>(written);
    }
    close_when_fed();
  }
  void close_when_fed() {
    if (size == 0) close();
  }
  void close() {
    if (pipe >= 0) call(__NR_close, pipe);
    pipe = -1;
  }
};

// Returns whether the hook ended within the deadline.
bool serve(int pidfd, Input& input, Streams& streams, long deadline_ms) {
  input.close_when_fed();
  for (;;) {
    Poll waited[4] = {{pidfd, POLLIN, 0}, {input.pipe, POLLOUT, 0}, streams.out.next(), streams.err.next()};
    __kernel_timespec timeout{};
    if (deadline_ms > 0) {
      const long rest = deadline_ms - now_ms();
      if (rest <= 0) return false;
      timeout = {rest / 1000, rest % 1000 * 1'000'000};
    }
    if (call(__NR_ppoll, waited, 4, deadline_ms > 0 ? &timeout : nullptr, 0, 8) <= 0) continue;
    if (waited[1].revents != 0) input.feed();
    if (waited[2].revents != 0) streams.out.proceed();
    if (waited[3].revents != 0) streams.err.proceed();
    if (waited[0].revents != 0) return true;
  }
}

enum class Ending : unsigned char { Own, TimedOut };

void judge(const Start& start, Ending ending, const siginfo_t& info, const Streams& streams) {
  if (start.trouble->doing != nullptr) fail(start, start.trouble->errno_value, start.trouble->doing);
  if (ending == Ending::Own && info.si_code == CLD_EXITED && info.si_status == 0) return;
  Line line;
  const char* hint = nullptr;
  if (ending == Ending::TimedOut) {
    line.add("did not end within its timeout and was killed");
  } else if (info.si_code == CLD_EXITED) {
    line.add("exit status ");
    line.add_number(info.si_status);
  } else if (info.si_status == SIGSYS) {
    line.add("was killed by SIGSYS (bad system call)");
    hint = "the hook runs under linux.seccomp, like the program";
  } else {
    line.add("was killed by signal ");
    line.add_number(info.si_status);
  }
  streams.out.quote_into(line);
  streams.err.quote_into(line);
  fail(start, 0, line.text(), nullptr, hint);
}

void run_hook(const Start& start) {
  Streams streams;
  int ends[2];
  long result = call(__NR_pipe2, ends, O_CLOEXEC);
  if (result == 0) result = streams.out.open();
  if (result == 0) result = streams.err.open();
  if (result < 0) fail(start, static_cast<int>(-result), "start it");
  call(__NR_fcntl, ends[1], F_SETFL, O_NONBLOCK);
  int pidfd = -1;
  // Not clone3: a filter without no_new_privs is loaded already, and those of engines refuse what they cannot look into.
  const long child = call(__NR_clone, 0x1000 /* CLONE_PIDFD */ | SIGCHLD, 0, &pidfd, 0, 0);
  if (child == 0) become_hook(start, ends[0], streams);
  if (child < 0) fail(start, static_cast<int>(-child), "start it");
  call(__NR_close, ends[0]);
  streams.out.close_sink();
  streams.err.close_sink();
  Input input{base_of(start.config) + start.config.hook_state.at, start.config.hook_state.size, ends[1]};
  const long timeout_s = start.hook.timeout_s;
  const bool ended = serve(pidfd, input, streams, timeout_s > 0 ? now_ms() + timeout_s * 1000L : 0);
  if (!ended) call(__NR_kill, -child, SIGKILL);
  siginfo_t info{};
  call(__NR_waitid, 3 /* P_PIDFD */, pidfd, &info, WEXITED, 0);
  call(__NR_close, pidfd);
  input.close();
  streams.out.finish(ended);
  streams.err.finish(ended);
  judge(start, ended ? Ending::Own : Ending::TimedOut, info, streams);
}

}  // namespace

void run_start_hooks(const Config& config, char** envp, int report) {
  if (config.hook_count == 0) return;
  const auto* hooks = reinterpret_cast<const TrampolineHook*>(base_of(config) + config.hooks_at);
  const long shared = call(__NR_mmap, 0, sizeof(Trouble), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared < 0 && shared > -4096) fail(report, shared, "make memory for startContainer hooks");
  // A hook that does not read what it is given must be an EPIPE, not the end of this process.
  set_disposition(SIGPIPE, kSignalIgnored);
  for (uint32_t i = 0; i < config.hook_count; ++i)
    run_hook({config, hooks[i], envp, report, reinterpret_cast<Trouble*>(shared)});
  if (config.listener < 0) set_disposition(SIGPIPE, kSignalDefault);  // `start`, which is still heard, may go away, too
}

}  // namespace caisson::launch
