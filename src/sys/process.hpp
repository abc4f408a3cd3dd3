// Processes: clone3, pidfds, waiting, signals, namespaces of the caller, credentials. Raw system calls throughout:
// the C library's set*id functions coordinate threads, which a freshly cloned child must not do.
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "sys/fd.hpp"
#include "sys/kernel_abi.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

pid_t process_id() noexcept;
pid_t parent_process_id() noexcept;
// A full copy of the caller (no CLONE_VM): 0 in the child, the pid in the parent. man 2 clone3, Linux 5.3.
SysResult<pid_t> clone_process(abi::CloneArgs args) noexcept;
struct Cloned {
  pid_t pid = 0;  // 0: this is the child
  Pidfd process;  // of the child, in the parent
};
// Arguments for a child with a pidfd, which the kernel writes to `pidfd`, and SIGCHLD at its end. group: as below.
abi::CloneArgs clone_args(std::uint64_t flags, std::optional<BorrowedFd> group, int& pidfd) noexcept;
// The same with a pidfd, and SIGCHLD at the child's end. group: a cgroup v2 directory that the child is born into (5.7).
SysResult<Cloned> clone_with_pidfd(std::uint64_t flags = 0, std::optional<BorrowedFd> group = std::nullopt) noexcept;
// The same by clone(2): for what must work where clone3 is refused, as seccomp filters of engines do (ENOSYS).
SysResult<Cloned> clone_the_old_way(std::uint64_t flags = 0) noexcept;
SysStatus execute(const char* path, const char* const* argv, const char* const* envp) noexcept;
// man 2 execveat with AT_EMPTY_PATH: runs the file that fd refers to.
SysStatus execute_fd(BorrowedFd file, const char* const* argv, const char* const* envp) noexcept;
[[noreturn]] void exit_now(int status) noexcept;

SysResult<Pidfd> open_pidfd(pid_t pid) noexcept;  // 5.3; ESRCH for a reaped process
// That of the file in pidfs (6.9): no other process has it until the next boot. 0 on an older kernel, where all pidfds have
// one.
SysResult<std::uint64_t> inode_of(const Pidfd& process) noexcept;
SysStatus send_signal(const Pidfd& process, int signal) noexcept;
SysStatus send_signal_to_pid(pid_t pid, int signal) noexcept;
// With a value, as sigqueue(3).
SysStatus queue_signal(const Pidfd& process, int signal, int value) noexcept;
SysResult<UniqueFd> descriptor_of(const Pidfd& process, int number) noexcept;  // pidfd_getfd, 5.6

// Parent (0: in another pid namespace) and effective user. PIDFD_GET_INFO, 6.13; ENOTTY before.
struct ProcessInfo {
  pid_t parent = 0;
  uid_t effective = 0;
};
SysResult<ProcessInfo> info_of(const Pidfd& process) noexcept;
// Id of its cgroup in the hierarchy of version 2: the inode of that directory, wherever the hierarchy is mounted.
// PIDFD_GET_INFO, 6.13; ENOTTY before, ENODATA from a kernel that does not tell it.
SysResult<std::uint64_t> cgroup_id_of(const Pidfd& process) noexcept;

struct ExitStatus {
  bool signalled = false;
  int value = 0;  // exit status or signal number
  int as_shell() const noexcept { return signalled ? 128 + value : value; }
};
// Waits until the child ended and reaps it (waitid P_PIDFD); EINTR is retried.
SysResult<ExitStatus> wait_for(const Pidfd& child) noexcept;
// The same, but also returns when it was stopped (man 2 waitid, WSTOPPED): nothing then.
SysResult<std::optional<ExitStatus>> wait_for_stop_or_end(const Pidfd& child) noexcept;
// Kills and reaps a child; where pidfd_send_signal(2) is refused, by its pid. Nothing when it has been reaped.
void end_child(pid_t pid, const Pidfd& child) noexcept;
SysResult<std::optional<ExitStatus>> wait_for_pid_nonblocking(pid_t pid) noexcept;  // nothing: still running
// Whether the process behind the pidfd has ended (zombies included): poll(2) says readable.
bool has_ended(const Pidfd& process) noexcept;

SysStatus unshare(std::uint64_t flags) noexcept;
SysStatus set_namespace(BorrowedFd namespace_or_pidfd, std::uint64_t flags) noexcept;  // man 2 setns; pidfd since 5.8

SysStatus process_control(int option, unsigned long a = 0, unsigned long b = 0, unsigned long c = 0,
                          unsigned long d = 0) noexcept;
SysResult<int> process_control_value(int option, unsigned long a = 0) noexcept;

struct UserIds {
  uid_t real, effective, saved;
};
uid_t effective_uid() noexcept;
gid_t effective_gid() noexcept;
SysStatus set_user(uid_t uid) noexcept;   // setresuid of all three
SysStatus set_group(gid_t gid) noexcept;  // setresgid of all three
SysStatus set_groups(std::span<const gid_t> groups) noexcept;

struct CapabilitySets {
  std::uint64_t effective = 0, permitted = 0, inheritable = 0;  // bit n: capability number n
};
SysResult<CapabilitySets> get_capabilities() noexcept;
SysStatus set_capabilities(const CapabilitySets& sets) noexcept;

SysStatus set_resource_limit(pid_t pid, int resource, rlimit64 limit) noexcept;  // prlimit(2); pid 0: the caller
SysResult<rlimit64> get_resource_limit(pid_t pid, int resource) noexcept;

std::uint64_t monotonic_ns() noexcept;
timespec realtime() noexcept;
void sleep_ns(std::uint64_t nanoseconds) noexcept;

enum class Readiness : std::uint8_t { Ready, TimedOut };
// poll(2) for input or hang-up on one descriptor; timeout in milliseconds, negative: for ever. EINTR is retried.
SysResult<Readiness> wait_readable(BorrowedFd fd, int timeout_ms) noexcept;

SysStatus block_signals(std::uint64_t mask, std::uint64_t* previous) noexcept;  // bit n-1: signal n
SysStatus set_signal_mask(std::uint64_t mask) noexcept;
SysStatus default_action(int signal) noexcept;  // disposition SIG_DFL
// All dispositions to SIG_DFL, also those that are ignored, which execve(2) and CLONE_CLEAR_SIGHAND (5.5) leave as they are.
void reset_signal_actions() noexcept;
void unblock_signals() noexcept;  // an empty mask
void reset_signals() noexcept;    // both

struct HostName {
  std::string node, domain, release, machine;
};
SysResult<HostName> host_name() noexcept;  // uname(2)
SysStatus set_host_name(std::string_view name) noexcept;
SysStatus set_domain_name(std::string_view name) noexcept;

}  // namespace caisson::sys
