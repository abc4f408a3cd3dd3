#include "launch/trampoline/hooks.hpp"

#include <asm/poll.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/time_types.h>
#include <linux/wait.h>

#include "launch/trampoline/freestanding.hpp"
#include "launch/trampoline/last_step.hpp"

namespace caisson::launch {
namespace {

constexpr int kMaxWords = 256;
constexpr int kMonotonic = 1;

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

[[noreturn]] void fail(int report, int errno_value, const char* what, const char* path) {
  send_failure(report, kErrorKindPayload, errno_value, what, path, "startContainer hook", nullptr);
  for (;;) call(__NR_exit_group, kSetupFailed);
}

[[noreturn]] void become_hook(const Config& config, const TrampolineHook& hook, int input) {
  const char* argv[kMaxWords];
  const char* envp[kMaxWords];
  call(__NR_dup3, input, 0, 0);
  call(__NR_close_range, 3, ~0U, 0);
  call(__NR_setpgid, 0, 0);
  if (words_of(config, hook.argv_at, hook.argc, argv) && words_of(config, hook.envp_at, hook.envc, envp))
    call(__NR_execve, base_of(config) + hook.path.at, argv, envp);
  for (;;) call(__NR_exit_group, 127);
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

void run_hook(const Config& config, const TrampolineHook& hook, int report) {
  const char* path = base_of(config) + hook.path.at;
  int ends[2];
  if (const long result = call(__NR_pipe2, ends, O_CLOEXEC); result < 0)
    fail(report, static_cast<int>(-result), "make a pipe for ", path);
  call(__NR_fcntl, ends[1], F_SETFL, O_NONBLOCK);
  int pidfd = -1;
  struct {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
  } args{0x1000 /* CLONE_PIDFD */, reinterpret_cast<uint64_t>(&pidfd), 0, 0, SIGCHLD, 0, 0, 0};
  const long child = call(__NR_clone3, &args, sizeof args);
  if (child == 0) become_hook(config, hook, ends[0]);
  if (child < 0) fail(report, static_cast<int>(-child), "start ", path);
  call(__NR_close, ends[0]);
  // A reader that went away must be an EPIPE, not the end of this process.
  struct {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    uint64_t mask;
  } ignore{reinterpret_cast<void (*)(int)>(1), 0, nullptr, 0}, before{};
  call(__NR_rt_sigaction, SIGPIPE, &ignore, &before, 8);
  const bool ended = feed_and_wait(config, pidfd, ends[1], hook.timeout_s > 0 ? now_ms() + hook.timeout_s * 1000L : 0);
  call(__NR_rt_sigaction, SIGPIPE, &before, 0, 8);
  if (!ended) call(__NR_kill, -child, SIGKILL);
  siginfo_t info{};
  call(__NR_waitid, 3 /* P_PIDFD */, pidfd, &info, WEXITED, 0);
  call(__NR_close, pidfd);
  if (!ended) fail(report, ETIME, "the hook did not end within its timeout: ", path);
  if (info.si_status != 0 || info.si_code != CLD_EXITED) fail(report, 0, "the hook failed: ", path);
}

}  // namespace

void run_start_hooks(const Config& config, int report) {
  const auto* hooks = reinterpret_cast<const TrampolineHook*>(base_of(config) + config.hooks_at);
  for (uint32_t i = 0; i < config.hook_count; ++i) run_hook(config, hooks[i], report);
}

}  // namespace caisson::launch
