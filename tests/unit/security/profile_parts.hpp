// Short words for profiles in tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "spec/spec.hpp"
#include "sys/seccomp.hpp"

namespace caisson::security::test {

inline constexpr unsigned kAllFlags = sys::kSeccompFlagLog | sys::kSeccompFlagSpecAllow | sys::kSeccompFlagWaitKillableRecv;

inline spec::SeccompRule rule(std::vector<std::string> names, spec::SeccompAction action,
                              std::vector<spec::SeccompArg> args = {}) {
  return {.names = std::move(names), .action = action, .errno_ret = {}, .args = std::move(args)};
}

inline spec::Seccomp denying(std::vector<spec::SeccompRule> rules) {
  spec::Seccomp profile;
  profile.default_action = spec::SeccompAction::Errno;
  profile.syscalls = std::move(rules);
  return profile;
}

}  // namespace caisson::security::test
