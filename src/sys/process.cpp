#include "sys/process.hpp"

#include <linux/capability.h>
#include <linux/sched.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include <cerrno>

#include "sys/call.hpp"
#include "sys/file.hpp"

namespace caisson::sys {
namespace {

// The kernel's siginfo of a child (asm-generic/siginfo.h); C libraries disagree on the feature macros around it.
struct ChildInfo {
  int signo, error, code, padding;
  int pid;
  unsigned uid;
  int status;
  char rest[128 - 7 * 4];
};

// And of a queued signal.
struct QueuedInfo {
  int signo, error = 0, code, padding = 0;
  int pid;
  unsigned uid;
  int value;
  char rest[128 - 7 * 4] = {};
};

constexpr int kPPidfd = 3;  // P_PIDFD, Linux 5.4

ExitStatus exit_of(const ChildInfo& info) noexcept { return {.signalled = info.code != CLD_EXITED, .value = info.status}; }

struct KernelSigaction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  std::uint64_t mask;
};

SysResult<abi::PidfdInfo> ask(const Pidfd& process, std::uint64_t wanted) noexcept {
  abi::PidfdInfo info{.mask = wanted};
  const long result = call(SYS_ioctl, process.borrow().get(), abi::kPidfdGetInfo, &info);
  if (result < 0) return SysResult<abi::PidfdInfo>::failed(static_cast<int>(-result));
  return info;
}

}  // namespace

pid_t process_id() noexcept { return static_cast<pid_t>(raw_syscall(SYS_getpid)); }
pid_t parent_process_id() noexcept { return static_cast<pid_t>(raw_syscall(SYS_getppid)); }

SysResult<pid_t> clone_process(abi::CloneArgs args) noexcept {
  const long result = call(SYS_clone3, &args, sizeof args);
#ifdef CAISSON_FAULT_POINTS
  if (result == 0) fault_points::enter_role(fault_points::Role::Child);
#endif
  return result_of<pid_t>(result);
}

abi::CloneArgs clone_args(std::uint64_t flags, std::optional<BorrowedFd> group, int& pidfd) noexcept {
  abi::CloneArgs args{
      .flags = flags | abi::kClonePidfd, .pidfd = reinterpret_cast<std::uint64_t>(&pidfd), .exit_signal = SIGCHLD};
  if (group) {
    args.flags |= abi::kCloneIntoCgroup;
    args.cgroup = static_cast<std::uint64_t>(group->get());
  }
  return args;
}

SysResult<Cloned> clone_with_pidfd(std::uint64_t flags, std::optional<BorrowedFd> group) noexcept {
  int pidfd = -1;
  const auto pid = clone_process(clone_args(flags, group, pidfd));
  if (!pid.ok()) return SysResult<Cloned>::failed(pid.err());
  // The child's copy of the number names nothing there: the kernel opens the pidfd in the parent alone.
  if (pid.value() == 0) return Cloned{};
  return Cloned{pid.value(), Pidfd{UniqueFd(pidfd)}};
}

SysResult<Cloned> clone_the_old_way(std::uint64_t flags) noexcept {
  int pidfd = -1;
  // The last two arguments change places between architectures; both are zero. The pidfd goes where a parent's tid would.
  const long pid = call(SYS_clone, flags | abi::kClonePidfd | SIGCHLD, 0, &pidfd, 0, 0);
#ifdef CAISSON_FAULT_POINTS
  if (pid == 0) fault_points::enter_role(fault_points::Role::Child);
#endif
  if (pid < 0) return SysResult<Cloned>::failed(static_cast<int>(-pid));
  if (pid == 0) return Cloned{};
  return Cloned{static_cast<pid_t>(pid), Pidfd{UniqueFd(pidfd)}};
}

SysStatus execute(const char* path, const char* const* argv, const char* const* envp) noexcept {
#ifdef CAISSON_FAULT_POINTS
  fault_points::report(1);
#endif
  return status_of(call(SYS_execve, path, argv, envp));
}
SysStatus execute_fd(BorrowedFd file, const char* const* argv, const char* const* envp) noexcept {
#ifdef CAISSON_FAULT_POINTS
  fault_points::report(1);
#endif
  return status_of(call(SYS_execveat, file.get(), "", argv, envp, abi::kAtEmptyPath));
}

void exit_now(int status) noexcept {
#ifdef CAISSON_FAULT_POINTS
  fault_points::report();
#endif
  for (;;) raw_syscall(SYS_exit_group, status);
}

SysResult<Pidfd> open_pidfd(pid_t pid) noexcept {
  const long fd = call(SYS_pidfd_open, pid, 0);
  if (fd < 0) return SysResult<Pidfd>::failed(static_cast<int>(-fd));
  return Pidfd{UniqueFd(static_cast<int>(fd))};
}
SysResult<std::uint64_t> inode_of(const Pidfd& process) noexcept {
  const auto magic = filesystem_magic(process.borrow());
  if (!magic.ok()) return SysResult<std::uint64_t>::failed(magic.err());
  if (magic.value() != abi::kPidfsMagic) return std::uint64_t{0};
  const auto status = status_of_fd(process.borrow());
  if (!status.ok()) return SysResult<std::uint64_t>::failed(status.err());
  return status.value().inode;
}

SysStatus send_signal(const Pidfd& process, int signal) noexcept {
  return status_of(call(SYS_pidfd_send_signal, process.borrow().get(), signal, nullptr, 0));
}
SysStatus send_signal_to_pid(pid_t pid, int signal) noexcept { return status_of(call(SYS_kill, pid, signal)); }
SysStatus queue_signal(const Pidfd& process, int signal, int value) noexcept {
  QueuedInfo info{.signo = signal, .code = SI_QUEUE, .pid = process_id(), .uid = effective_uid(), .value = value};
  return status_of(call(SYS_pidfd_send_signal, process.borrow().get(), signal, &info, 0));
}
SysResult<UniqueFd> descriptor_of(const Pidfd& process, int number) noexcept {
  const long fd = call(SYS_pidfd_getfd, process.borrow().get(), number, 0);
  if (fd < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-fd));
  return UniqueFd(static_cast<int>(fd));
}

SysResult<ProcessInfo> info_of(const Pidfd& process) noexcept {
  const auto info = ask(process, abi::kPidfdInfoCredentials);
  if (!info.ok()) return SysResult<ProcessInfo>::failed(info.err());
  return ProcessInfo{static_cast<pid_t>(info.value().parent), info.value().effective_user};
}
SysResult<std::uint64_t> cgroup_id_of(const Pidfd& process) noexcept {
  const auto info = ask(process, abi::kPidfdInfoCgroup);
  if (!info.ok()) return SysResult<std::uint64_t>::failed(info.err());
  if ((info.value().mask & abi::kPidfdInfoCgroup) == 0) return SysResult<std::uint64_t>::failed(ENODATA);
  return info.value().cgroup;
}

SysResult<ExitStatus> wait_for(const Pidfd& child) noexcept {
  ChildInfo info{};
  const long result =
      retry_eintr([&] { return call(SYS_waitid, kPPidfd, child.borrow().get(), &info, WEXITED | __WALL, nullptr); });
  if (result < 0) return SysResult<ExitStatus>::failed(static_cast<int>(-result));
  return exit_of(info);
}

SysResult<std::optional<ExitStatus>> wait_for_stop_or_end(const Pidfd& child) noexcept {
  using Result = SysResult<std::optional<ExitStatus>>;
  ChildInfo info{};
  const long result =
      retry_eintr([&] { return call(SYS_waitid, kPPidfd, child.borrow().get(), &info, WEXITED | WSTOPPED | __WALL, nullptr); });
  if (result < 0) return Result::failed(static_cast<int>(-result));
  return info.code == CLD_STOPPED ? Result(std::nullopt) : Result(exit_of(info));
}

void end_child(pid_t pid, const Pidfd& child) noexcept {
  auto sent = send_signal(child, SIGKILL);
  if (sent.err() == ESRCH) return;  // reaped: the pid may be another process by now
  if (!sent.ok()) sent = send_signal_to_pid(pid, SIGKILL);
  // Without a signal it may never end.
  if (sent.ok()) static_cast<void>(wait_for(child));
}

SysResult<std::optional<ExitStatus>> wait_for_pid_nonblocking(pid_t pid) noexcept {
  using Result = SysResult<std::optional<ExitStatus>>;
  ChildInfo info{};
  const long result = call(SYS_waitid, P_PID, pid, &info, WEXITED | WNOHANG | __WALL, nullptr);
  if (result < 0) return Result::failed(static_cast<int>(-result));
  if (info.pid == 0) return Result(std::nullopt);
  return Result(exit_of(info));
}

bool has_ended(const Pidfd& process) noexcept {
  pollfd waited{process.borrow().get(), POLLIN, 0};
  timespec none{};
  return call(SYS_ppoll, &waited, 1, &none, nullptr, 8) == 1;
}

SysStatus unshare(std::uint64_t flags) noexcept { return status_of(call(SYS_unshare, flags)); }
SysStatus set_namespace(BorrowedFd namespace_or_pidfd, std::uint64_t flags) noexcept {
  return status_of(call(SYS_setns, namespace_or_pidfd.get(), flags));
}

SysStatus process_control(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d) noexcept {
  return status_of(call(SYS_prctl, option, a, b, c, d));
}
SysResult<int> process_control_value(int option, unsigned long a) noexcept {
  return result_of<int>(call(SYS_prctl, option, a, 0, 0, 0));
}

uid_t effective_uid() noexcept { return static_cast<uid_t>(raw_syscall(SYS_geteuid)); }
gid_t effective_gid() noexcept { return static_cast<gid_t>(raw_syscall(SYS_getegid)); }
SysStatus set_user(uid_t uid) noexcept { return status_of(call(SYS_setresuid, uid, uid, uid)); }
SysStatus set_group(gid_t gid) noexcept { return status_of(call(SYS_setresgid, gid, gid, gid)); }
SysStatus set_groups(std::span<const gid_t> groups) noexcept {
  return status_of(call(SYS_setgroups, groups.size(), groups.data()));
}

SysResult<CapabilitySets> get_capabilities() noexcept {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  const long result = call(SYS_capget, &header, data);
  if (result < 0) return SysResult<CapabilitySets>::failed(static_cast<int>(-result));
  const auto whole = [](std::uint32_t low, std::uint32_t high) { return low | static_cast<std::uint64_t>(high) << 32; };
  return CapabilitySets{.effective = whole(data[0].effective, data[1].effective),
                        .permitted = whole(data[0].permitted, data[1].permitted),
                        .inheritable = whole(data[0].inheritable, data[1].inheritable)};
}

SysStatus set_capabilities(const CapabilitySets& sets) noexcept {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const auto low = [](std::uint64_t set) { return static_cast<std::uint32_t>(set); };
  const auto high = [](std::uint64_t set) { return static_cast<std::uint32_t>(set >> 32); };
  const __user_cap_data_struct data[2] = {{low(sets.effective), low(sets.permitted), low(sets.inheritable)},
                                          {high(sets.effective), high(sets.permitted), high(sets.inheritable)}};
  return status_of(call(SYS_capset, &header, data));
}

SysStatus set_resource_limit(pid_t pid, int resource, rlimit64 limit) noexcept {
  return status_of(call(SYS_prlimit64, pid, resource, &limit, nullptr));
}
SysResult<rlimit64> get_resource_limit(pid_t pid, int resource) noexcept {
  rlimit64 limit{};
  const long result = call(SYS_prlimit64, pid, resource, nullptr, &limit);
  if (result < 0) return SysResult<rlimit64>::failed(static_cast<int>(-result));
  return limit;
}

std::uint64_t monotonic_ns() noexcept {
  timespec now{};
  raw_syscall(SYS_clock_gettime, CLOCK_MONOTONIC, as_word(&now));
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}
timespec realtime() noexcept {
  timespec now{};
  raw_syscall(SYS_clock_gettime, CLOCK_REALTIME, as_word(&now));
  return now;
}
void sleep_ns(std::uint64_t nanoseconds) noexcept {
  timespec left{.tv_sec = static_cast<time_t>(nanoseconds / 1'000'000'000U),
                .tv_nsec = static_cast<long>(nanoseconds % 1'000'000'000U)};
  while (raw_syscall(SYS_nanosleep, as_word(&left), as_word(&left)) == -EINTR) {
  }
}

SysResult<Readiness> wait_readable(BorrowedFd fd, int timeout_ms) noexcept {
  const std::uint64_t deadline = timeout_ms < 0 ? 0 : monotonic_ns() + static_cast<std::uint64_t>(timeout_ms) * 1'000'000U;
  for (;;) {
    pollfd waited{fd.get(), POLLIN, 0};
    timespec left{};
    if (timeout_ms >= 0) {
      const std::uint64_t now = monotonic_ns();
      const std::uint64_t rest = now < deadline ? deadline - now : 0;
      left = {.tv_sec = static_cast<time_t>(rest / 1'000'000'000U), .tv_nsec = static_cast<long>(rest % 1'000'000'000U)};
    }
    const long result = call(SYS_ppoll, &waited, 1, timeout_ms < 0 ? nullptr : &left, nullptr, 8);
    if (result == -EINTR) continue;
    if (result < 0) return SysResult<Readiness>::failed(static_cast<int>(-result));
    return result == 0 ? Readiness::TimedOut : Readiness::Ready;
  }
}

SysStatus block_signals(std::uint64_t mask, std::uint64_t* previous) noexcept {
  return status_of(call(SYS_rt_sigprocmask, SIG_BLOCK, &mask, previous, sizeof mask));
}
SysStatus set_signal_mask(std::uint64_t mask) noexcept {
  return status_of(call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, nullptr, sizeof mask));
}

SysStatus default_action(int signal) noexcept {
  const KernelSigaction standard{};
  return status_of(call(SYS_rt_sigaction, signal, &standard, nullptr, sizeof standard.mask));
}

void reset_signal_actions() noexcept {
  constexpr int kLastSignal = 64;
  const KernelSigaction standard{};
  for (int signal = 1; signal <= kLastSignal; ++signal)
    if (signal != SIGKILL && signal != SIGSTOP)
      raw_syscall(SYS_rt_sigaction, signal, as_word(&standard), 0, sizeof standard.mask);
}
void unblock_signals() noexcept {
  const std::uint64_t none = 0;
  raw_syscall(SYS_rt_sigprocmask, SIG_SETMASK, as_word(&none), 0, sizeof none);
}
void reset_signals() noexcept {
  reset_signal_actions();
  unblock_signals();
}

SysResult<HostName> host_name() noexcept {
  struct Names {  // struct new_utsname: six fields of 65 bytes
    char sysname[65], nodename[65], release[65], version[65], machine[65], domainname[65];
  } names{};
  const long result = call(SYS_uname, &names);
  if (result < 0) return SysResult<HostName>::failed(static_cast<int>(-result));
  return HostName{names.nodename, names.domainname, names.release, names.machine};
}
SysStatus set_host_name(std::string_view name) noexcept { return status_of(call(SYS_sethostname, name.data(), name.size())); }
SysStatus set_domain_name(std::string_view name) noexcept {
  return status_of(call(SYS_setdomainname, name.data(), name.size()));
}

}  // namespace caisson::sys
