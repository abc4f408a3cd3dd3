// The seccomp compiler: linux.seccomp of the configuration to a classic BPF program (man 2 seccomp). Pure: no system call.
// One interval tree per architecture over the call numbers, argument rules as leaves: a few microseconds to build, about
// ten comparisons to run. It decides every call as libseccomp, used as runc does, would; docs/adr/0004-seccomp-compiler.md
// has the rules of precedence, the ENOSYS answer for calls newer than the profile, and where the two differ on purpose.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "security/seccomp_architecture.hpp"
#include "spec/spec.hpp"

namespace caisson::security {

struct SeccompFacts {
  SeccompArchitecture native = native_seccomp_architecture();
  unsigned supported_flags = 0;  // sys::supported_seccomp_flags(): bits of SECCOMP_SET_MODE_FILTER this kernel takes
};

struct FilterProgram {
  std::vector<sock_filter> instructions;  // in the byte order of this machine, at most BPF_MAXINSNS
  unsigned load_flags = 0;                // for seccomp(2); with SECCOMP_FILTER_FLAG_NEW_LISTENER if notify
  bool notify = false;                    // loading it yields a listener descriptor
};

// Throws Error{Spec} for what cannot be expressed (unknown architecture or flag, NOTIFY as default or on write, rules that
// contradict each other, a program too long for the kernel) and Error{Host} for a flag this kernel does not have.
FilterProgram compile(const spec::Seccomp& profile, const SeccompFacts& facts);

// For `features`: the names this compiler takes.
std::span<const std::string_view> seccomp_flag_names() noexcept;
// Bit of SECCOMP_SET_MODE_FILTER; 0 for "SECCOMP_FILTER_FLAG_TSYNC", which a single-threaded process has no use for.
unsigned seccomp_flag_bit(std::string_view name);  // throws Error{Spec} for an unknown name

}  // namespace caisson::security
