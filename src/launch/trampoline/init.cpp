#include "launch/trampoline/init.hpp"

#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/unistd.h>
#include <linux/prctl.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "launch/trampoline/close_from.hpp"
#include "sys/raw_syscall.hpp"

namespace caisson::trampoline {
namespace {

using sys::raw_syscall;

using SignalSet = __u64;  // bit n-1: signal n
constexpr SignalSet bit(int signal) { return SignalSet{1} << (signal - 1); }

// What this program did wrong itself must stay deadly, or it would spin on the faulting instruction.
constexpr SignalSet kFaults =
    bit(SIGILL) | bit(SIGTRAP) | bit(SIGABRT) | bit(SIGBUS) | bit(SIGFPE) | bit(SIGSEGV) | bit(SIGSYS);
constexpr SignalSet kTaken = ~kFaults;
// What a terminal sends to a group that has it not, or to stop one.
constexpr SignalSet kTerminalStops = bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU);

constexpr int kNotFound = 127, kNotExecutable = 126, kSignalled = 128;
constexpr long kPidOne = 1;

struct Disposition {  // struct sigaction of the kernel, big enough for both of its layouts
  unsigned long words[4];
};

long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  return raw_syscall(number, a, b, c, d, e);
}
template <class T>
long address(T& object) {
  return reinterpret_cast<long>(&object);
}

// Status word of wait4(2): the macros belong to the C library.
constexpr bool has_exited(int status) { return (status & 0x7f) == 0; }
constexpr int exit_value(int status) { return status >> 8 & 0xff; }
constexpr bool has_stopped(int status) { return (status & 0xff) == 0x7f; }
constexpr bool was_continued(int status) { return status == 0xffff; }
constexpr int signal_of(int status) { return status & 0x7f; }

class Init {
 public:
  explicit Init(const InitOptions& options) : options_(options) {}

  int run(ExecPayload exec_payload, void* context) {
    SignalSet original = 0;
    call(__NR_rt_sigprocmask, SIG_BLOCK, address(kTaken), address(original), sizeof original);
    // With SIGCHLD ignored the kernel would reap the payload itself, and its status would be lost.
    Disposition standard{}, before{};
    call(__NR_rt_sigaction, SIGCHLD, address(standard), address(before), sizeof(SignalSet));
    own_pid_ = call(__NR_getpid);
    if (own_pid_ != kPidOne) call(__NR_prctl, PR_SET_CHILD_SUBREAPER, 1);

    payload_ = call(__NR_clone, SIGCHLD);
    if (payload_ == 0) {
      call(__NR_rt_sigaction, SIGCHLD, address(before), 0, sizeof(SignalSet));
      call(__NR_exit_group, become_payload(original, exec_payload, context));
    }
    if (payload_ < 0) {
      call(__NR_rt_sigprocmask, SIG_SETMASK, address(original), 0, sizeof original);
      return static_cast<int>(payload_);
    }
    let_go();
    while (!ended_) take_next_signal();
    // Without a pid namespace of its own the session lives on, and its terminal must not belong to a group that is gone.
    if (const long terminal = terminal_of(payload_); terminal >= 0) give_terminal(terminal, call(__NR_getpgid));
    return status_;
  }

 private:
  int become_payload(const SignalSet& original, ExecPayload exec_payload, void* context) {
    const long pid = call(__NR_getpid);
    const long terminal = terminal_of(call(__NR_getpgid));
    call(__NR_setpgid);
    // From the background by now, which SIGTTOU allows only while it is blocked.
    if (terminal >= 0) give_terminal(terminal, pid);
    write_listen_pid(pid);
    call(__NR_rt_sigprocmask, SIG_SETMASK, address(original), 0, sizeof original);
    return exec_payload(context) == ENOENT ? kNotFound : kNotExecutable;
  }

  // The descriptor of the session's terminal if that group has its foreground. ENOTTY: no terminal, or another session's;
  // ENXIO, EIO: it has hung up. All of them mean that there is nothing to give.
  static long terminal_of(long group) {
    for (long fd = 0; fd <= 2; ++fd)
      if (foreground_of(fd) == group) return fd;
    return -1;
  }
  static long foreground_of(long fd) {
    int group = 0;
    const long result = call(__NR_ioctl, fd, TIOCGPGRP, address(group));
    return result < 0 ? result : group;
  }
  static long give_terminal(long fd, long group) {
    const int number = static_cast<int>(group);
    return call(__NR_ioctl, fd, TIOCSPGRP, address(number));
  }

  void write_listen_pid(long pid) {
    if (options_.listen_pid == nullptr) return;
    char digits[20];
    int count = 0;
    for (; pid != 0; pid /= 10) digits[count++] = static_cast<char>('0' + pid % 10);
    const char* name = "LISTEN_PID=";
    char* out = options_.listen_pid;
    while (*name != '\0') *out++ = *name++;
    while (count > 0) *out++ = digits[--count];
    *out = '\0';
  }

  // The payload's sockets and working directory must not stay in use through this process. 0 to 2 stay: images write their logs
  // to /proc/1/fd/1.
  static void let_go() {
    launch::close_from(3, 0);
    call(__NR_chdir, reinterpret_cast<long>("/"));
  }

  void take_next_signal() {
    siginfo_t info;
    const long signal = call(__NR_rt_sigtimedwait, address(kTaken), address(info), 0, sizeof kTaken);
    if (signal < 0) return;  // EINTR, after a stop
    if (signal == SIGCHLD) return reap();
    const int number = static_cast<int>(signal);
    // From the kernel: about this process's own use of the terminal, which it does not use.
    if ((bit(number) & kTerminalStops) != 0) {
      if (info.si_code > 0) return;
      asked_to_stop_ = true;
    }
    if (number == SIGCONT) asked_to_stop_ = false;
    forward(number, info);
  }

  void forward(int signal, siginfo_t& info) {
    const bool group = options_.signal_target == InitOptions::Target::ProcessGroup;
    // A queued signal carries a value; only to one process can it be passed on.
    if (info.si_code == SI_QUEUE && !group && call(__NR_rt_sigqueueinfo, payload_, signal, address(info)) == 0) return;
    if (group && call(__NR_kill, -payload_, signal) == 0) return;
    call(__NR_kill, payload_, signal);  // ESRCH: it has ended, and SIGCHLD is on its way
  }

  // One SIGCHLD may stand for many: all there is, until nothing is ready.
  void reap() {
    for (;;) {
      int status = 0;
      const long pid = call(__NR_wait4, -1, address(status), WNOHANG | WUNTRACED | WCONTINUED | __WALL, 0);
      if (pid == -EINTR) continue;
      if (pid <= 0) return;
      if (pid == payload_) note(status);
    }
  }

  void note(int status) {
    if (was_continued(status)) return;
    if (has_stopped(status)) return follow_stop(exit_value(status));
    ended_ = true;
    status_ = has_exited(status) ? exit_value(status) : kSignalled + signal_of(status);
  }

  // Somebody must be able to continue the payload. Below a shell that is the shell, which has to see this process stop. As PID
  // 1 there is none: a stop by the terminal's own keys is undone, as without an init the kernel would have ignored it.
  void follow_stop(int signal) {
    if (own_pid_ != kPidOne) {
      call(__NR_kill, own_pid_, SIGSTOP);
      return;
    }
    if (asked_to_stop_ || (bit(signal) & kTerminalStops) == 0 || !payload_may_have_terminal()) return;
    call(__NR_kill, -payload_, SIGCONT);
  }

  // It has the foreground, or gets it because the group that had it is gone.
  bool payload_may_have_terminal() {
    for (long fd = 0; fd <= 2; ++fd) {
      const long group = foreground_of(fd);
      if (group < 0) continue;
      return group == payload_ || (call(__NR_kill, -group, 0) == -ESRCH && give_terminal(fd, payload_) == 0);
    }
    return false;
  }

  const InitOptions& options_;
  long own_pid_ = 0, payload_ = 0;
  int status_ = 0;
  bool ended_ = false, asked_to_stop_ = false;
};

}  // namespace

int run_init(const InitOptions& options, ExecPayload exec_payload, void* context) noexcept {
  return Init(options).run(exec_payload, context);
}

}  // namespace caisson::trampoline
