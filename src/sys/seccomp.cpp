#include "sys/seccomp.hpp"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include "sys/call.hpp"

namespace caisson::sys {

namespace {

long set_filter(std::span<const sock_filter> program, unsigned flags) noexcept {
  const sock_fprog loaded{static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
  return call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &loaded);
}

}  // namespace

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
