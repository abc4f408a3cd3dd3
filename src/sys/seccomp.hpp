// man 2 seccomp: loading a filter into the calling thread, and what this kernel supports.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <span>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

// SECCOMP_FILTER_FLAG_* of Linux 6.18, kernel version of each.
inline constexpr unsigned kSeccompFlagTsync = 1u << 0;             // 3.17
inline constexpr unsigned kSeccompFlagLog = 1u << 1;               // 4.14
inline constexpr unsigned kSeccompFlagSpecAllow = 1u << 2;         // 4.17
inline constexpr unsigned kSeccompFlagNewListener = 1u << 3;       // 5.0
inline constexpr unsigned kSeccompFlagTsyncEsrch = 1u << 4;        // 5.7
inline constexpr unsigned kSeccompFlagWaitKillableRecv = 1u << 5;  // 5.19

// Needs no_new_privs or CAP_SYS_ADMIN (EACCES). flags without kSeccompFlagNewListener.
SysStatus load_seccomp_filter(std::span<const sock_filter> program, unsigned flags) noexcept;
// The same with kSeccompFlagNewListener added: the listener, close-on-exec.
SysResult<UniqueFd> load_seccomp_filter_with_listener(std::span<const sock_filter> program, unsigned flags) noexcept;
// SECCOMP_GET_ACTION_AVAIL: EOPNOTSUPP when this kernel lacks the action (a SECCOMP_RET_* value).
SysStatus seccomp_action_available(std::uint32_t action) noexcept;
// The flags above that this kernel takes, asked one by one with a program that cannot be loaded.
unsigned supported_seccomp_flags() noexcept;
// For a process that reads bytes of strangers and is never let out of it again: reading descriptors, waiting, memory that
// cannot be executed, and ending are left, everything else is EPERM. no_new_privs must be set.
SysStatus refuse_all_but_reading() noexcept;

}  // namespace caisson::sys
