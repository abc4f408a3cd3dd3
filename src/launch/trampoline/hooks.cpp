#include "launch/trampoline/hooks.hpp"

#include <asm/poll.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/time_types.h>
#include <linux/wait.h>

#include "launch/trampoline/filter.hpp"
#include "launch/trampoline/freestanding.hpp"
#include "launch/trampoline/last_step.hpp"

namespace caisson::launch {
namespace {

constexpr int kMaxWords = 256;
constexpr int kMonotonic = 1;
constexpr int kCannotExecute = 127;

struct Poll {
  int fd;
  short events, revents;
};

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

[[noreturn]] void become_hook(const Start& start, int input) {
  const Config& config = start.config;
  const TrampolineHook& hook = start.hook;
  const char* argv[kMaxWords];
  const char* named[kMaxWords];
  const bool fits = words_of(config, hook.argv_at, hook.argc, argv) && words_of(config, hook.envp_at, hook.envc, named);
  if (!fits) give_up(start, "execute it", -E2BIG);
  const void* const envp = hook.inherits_env != 0 ? static_cast<const void*>(start.envp) : named;
  call(__NR_dup3, input, 0, 0);
  call(__NR_close_range, 3, ~0U, 0);
  call(__NR_setpgid, 0, 0);
  // While `start` is heard it is ignored, which execve would keep.
  const struct { unsigned long handler, flags, restorer, mask; } usual{};
  call(__NR_rt_sigaction, SIGPIPE, &usual, 0, 8);
  if (const long result = load_filter(config); result != 0) give_up(start, "load the seccomp filter", result);
  give_up(start, "execute it", call(__NR_execve, base_of(config) + hook.path.at, argv, envp));
}

long now_ms() {
  __kernel_timespec now{};
  call(__NR_clock_gettime, kMonotonic, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

// Feeds the state document and waits for the end, both within the deadline. A hook that does not read its input is no error.
bool feed_and_wait(const Config& config, int pidfd, int input, long deadline_ms) {
  const char* left = base_of(config) + config.hook_state.at;
  size_t size = config.hook_state.size;
  for (;;) {
    if (size == 0 && input >= 0) {
      call(__NR_close, input);
      input = -1;
    }
    Poll waited[2] = {{pidfd, POLLIN, 0}, {input, POLLOUT, 0}};
    __kernel_timespec timeout{};
    if (deadline_ms > 0) {
      const long rest = deadline_ms - now_ms();
      if (rest <= 0) return false;
      timeout = {rest / 1000, rest % 1000 * 1'000'000};
    }
    call(__NR_ppoll, waited, input >= 0 ? 2 : 1, deadline_ms > 0 ? &timeout : nullptr, 0, 8);
    if (waited[0].revents != 0) break;
    if (input >= 0 && waited[1].revents != 0) {
      const long written = call(__NR_write, input, left, size);
      if (written == -EAGAIN || written == -EINTR) continue;
      if (written < 0) size = 0;
      if (written > 0) {
        left += written;
        size -= static_cast<size_t>(written);
      }
    }
  }
  if (input >= 0) call(__NR_close, input);
  return true;
}

// An exit status or a signal.
struct Decimal {
  char digits[4] = {};
  explicit Decimal(int number) {
    int width = number > 99 ? 3 : number > 9 ? 2 : 1;
    while (width-- > 0) {
      digits[width] = static_cast<char>('0' + number % 10);
      number /= 10;
    }
  }
};

void judge(const Start& start, const siginfo_t& info) {
  if (start.trouble->doing != nullptr) fail(start, start.trouble->errno_value, start.trouble->doing);
  const Decimal number(info.si_status);
  if (info.si_code == CLD_EXITED) {
    if (info.si_status != 0) fail(start, 0, "exit status ", number.digits);
  } else if (info.si_status == SIGSYS) {
    fail(start, 0, "was killed by SIGSYS (bad system call)", nullptr, "the hook runs under linux.seccomp, like the program");
  } else {
    fail(start, 0, "was killed by signal ", number.digits);
  }
}

void run_hook(const Start& start) {
  int ends[2];
  if (const long result = call(__NR_pipe2, ends, O_CLOEXEC); result < 0)
    fail(start, static_cast<int>(-result), "make a pipe for its input");
  call(__NR_fcntl, ends[1], F_SETFL, O_NONBLOCK);
  int pidfd = -1;
  // Not clone3: a filter without no_new_privs is loaded already, and those of engines refuse what they cannot look into.
  const long child = call(__NR_clone, 0x1000 /* CLONE_PIDFD */ | SIGCHLD, 0, &pidfd, 0, 0);
  if (child == 0) become_hook(start, ends[0]);
  if (child < 0) fail(start, static_cast<int>(-child), "start a process for it");
  call(__NR_close, ends[0]);
  // A reader that went away must be an EPIPE, not the end of this process.
  struct {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    uint64_t mask;
  } ignore{reinterpret_cast<void (*)(int)>(1), 0, nullptr, 0}, before{};
  call(__NR_rt_sigaction, SIGPIPE, &ignore, &before, 8);
  const long timeout_s = start.hook.timeout_s;
  const bool ended = feed_and_wait(start.config, pidfd, ends[1], timeout_s > 0 ? now_ms() + timeout_s * 1000L : 0);
  call(__NR_rt_sigaction, SIGPIPE, &before, 0, 8);
  if (!ended) call(__NR_kill, -child, SIGKILL);
  siginfo_t info{};
  call(__NR_waitid, 3 /* P_PIDFD */, pidfd, &info, WEXITED, 0);
  call(__NR_close, pidfd);
  if (!ended) fail(start, 0, "did not end within its timeout and was killed");
  judge(start, info);
}

}  // namespace

void run_start_hooks(const Config& config, char** envp, int report) {
  if (config.hook_count == 0) return;
  const auto* hooks = reinterpret_cast<const TrampolineHook*>(base_of(config) + config.hooks_at);
  const long shared = call(__NR_mmap, 0, sizeof(Trouble), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared < 0 && shared > -4096) fail(report, shared, "make memory for startContainer hooks");
  for (uint32_t i = 0; i < config.hook_count; ++i)
    run_hook({config, hooks[i], envp, report, reinterpret_cast<Trouble*>(shared)});
}

}  // namespace caisson::launch
