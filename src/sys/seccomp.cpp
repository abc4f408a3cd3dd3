#include "sys/seccomp.hpp"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <array>

#include "sys/call.hpp"

namespace caisson::sys {

namespace {

long set_filter(std::span<const sock_filter> program, unsigned flags) noexcept {
  const sock_fprog loaded{static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
  return call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &loaded);
}

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "caisson: name the architecture of this build here"
#endif

constexpr sock_filter load_word(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
constexpr sock_filter give(std::uint32_t result) { return BPF_STMT(BPF_RET | BPF_K, result); }
constexpr sock_filter jump(std::uint16_t how, long value, std::uint8_t yes, std::uint8_t no) {
  return BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | how | BPF_K), static_cast<std::uint32_t>(value), yes, no);
}

constexpr std::array kReading = {
    SYS_read,  SYS_pread64, SYS_futex,       SYS_exit_group, SYS_rt_sigreturn, SYS_restart_syscall,
    SYS_close, SYS_munmap,  SYS_brk,         SYS_mremap,     SYS_madvise,      SYS_clock_gettime,
#ifdef __SANITIZE_ADDRESS__
    SYS_pipe2, SYS_write,   SYS_sigaltstack,  // of the sanitizers: whether memory can be read, reports, the bounds of the stack
#endif
};

constexpr auto kReadingFilter = [] {
  std::array<sock_filter, 4 + 2 * kReading.size() + 6> program{};
  std::size_t next = 0;
  const auto add = [&](sock_filter step) { program[next++] = step; };
  add(load_word(offsetof(seccomp_data, arch)));
  add(jump(BPF_JEQ, kArchitecture, 1, 0));
  add(give(SECCOMP_RET_KILL_PROCESS));
  add(load_word(offsetof(seccomp_data, nr)));
  for (const long number : kReading) {
    add(jump(BPF_JEQ, number, 0, 1));
    add(give(SECCOMP_RET_ALLOW));
  }
  add(jump(BPF_JEQ, SYS_mmap, 1, 0));
  add(give(SECCOMP_RET_ERRNO | EPERM));
  add(load_word(offsetof(seccomp_data, args) + 2 * sizeof(std::uint64_t)));
  add(jump(BPF_JSET, PROT_EXEC, 0, 1));
  add(give(SECCOMP_RET_ERRNO | EPERM));
  add(give(SECCOMP_RET_ALLOW));
  return program;
}();

}  // namespace

SysStatus refuse_all_but_reading() noexcept { return load_seccomp_filter(kReadingFilter, 0); }

SysStatus load_seccomp_filter(std::span<const sock_filter> program, unsigned flags) noexcept {
  return status_of(set_filter(program, flags & ~kSeccompFlagNewListener));
}

SysResult<UniqueFd> load_seccomp_filter_with_listener(std::span<const sock_filter> program, unsigned flags) noexcept {
  const long result = set_filter(program, flags | kSeccompFlagNewListener);
  if (result < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-result));
  return UniqueFd(static_cast<int>(result));
}

SysStatus seccomp_action_available(std::uint32_t action) noexcept {
  return status_of(call(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
}

unsigned supported_seccomp_flags() noexcept {
  unsigned supported = 0;
  for (unsigned flag = kSeccompFlagTsync; flag <= kSeccompFlagWaitKillableRecv; flag <<= 1) {
    // Flags are checked before the program is read: EFAULT for one that is known, EINVAL otherwise.
    const unsigned with = flag == kSeccompFlagWaitKillableRecv ? kSeccompFlagNewListener : 0;
    if (call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag | with, nullptr) == -EFAULT) supported |= flag;
  }
  return supported;
}

}  // namespace caisson::sys
