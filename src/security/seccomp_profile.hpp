// A seccomp profile with its names looked up: which calls it speaks of, and with which clauses, for each architecture.
// Names that no architecture has are left out, as the default action covers them.
#pragma once

#include <linux/seccomp.h>

#include <cerrno>
#include <cstdint>
#include <deque>
#include <vector>

#include "security/seccomp_architecture.hpp"
#include "security/seccomp_clauses.hpp"
#include "security/syscall_table.hpp"
#include "spec/spec.hpp"

namespace caisson::security {

struct MultiplexedCall;

// What a kernel that does not know the call says.
inline constexpr std::uint32_t kNoSuchCall = SECCOMP_RET_ERRNO | ENOSYS;

struct NamedRule {
  const SyscallRow* row = nullptr;
  const MultiplexedCall* multiplexed = nullptr;  // null: never reached through socketcall(2) or ipc(2)
  const std::vector<Clause>* clauses = nullptr;  // null: repeats the default; the call still counts as known to the profile
};

struct SeccompProfile {
  std::uint32_t otherwise = 0;          // SECCOMP_RET_* of the default action
  bool calls_newer_are_enosys = false;  // the default would break programs that try a new call first
  bool notify = false;
  std::deque<std::vector<Clause>> clauses;  // of the rules; stays where it is
  std::vector<NamedRule> rules;
};

// Throws Error{Spec} as compile() says.
SeccompProfile read_profile(const spec::Seccomp& seccomp);

struct RuledCall {
  std::uint32_t number = 0;
  const char* name = nullptr;
  const std::vector<Clause>* clauses = nullptr;
};

struct ArchitectureCalls {
  SeccompArchitecture architecture = SeccompArchitecture::X86;
  std::vector<RuledCall> calls;  // by ascending number, rules for one number in profile order
  std::uint32_t newest = 0;      // the largest number the profile names; 0: none
};

// May add clauses to the profile, for calls through a multiplexer: its first argument selects the call there, so a condition
// on the call's own first argument cannot be kept, and the others look at the multiplexer's arguments (as in libseccomp).
ArchitectureCalls calls_of(SeccompProfile& profile, SeccompArchitecture architecture);

}  // namespace caisson::security
