// A profile evaluated call by call, straight from the words of docs/adr/0004-seccomp-compiler.md and without any of the
// compiler's structures. Rules with different actions that hold for the same call are settled by libseccomp's order, which is
// not repeated here: then every such action counts as right.
#pragma once

#include <linux/seccomp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "security/seccomp_architecture.hpp"
#include "security/syscall_table.hpp"
#include "spec/spec.hpp"

namespace caisson::security::test {

struct CallSample {
  std::uint32_t audit_arch = 0, number = 0;
  std::uint64_t args[6] = {};
};

class ReferenceFilter {
 public:
  ReferenceFilter(const ReferenceFilter&) = delete;
  ReferenceFilter(const spec::Seccomp& profile, SeccompArchitecture native) : profile_(profile) {
    architectures_.insert(native);
    for (const std::string& name : profile.architectures) architectures_.insert(seccomp_architecture(name));
    for (const spec::SeccompRule& rule : profile_.syscalls)
      for (const std::string& name : rule.names) rules_.push_back({&rule, name, find_syscall(name)});
  }

  // Without the answer to calls newer than the profile.
  std::set<std::uint32_t> right_answers(const CallSample& call) const {
    const std::optional<SeccompArchitecture> architecture = architecture_of(call);
    if (!architecture) return {SECCOMP_RET_KILL_THREAD};
    std::set<std::uint32_t> conditional;
    for (const NamedRule& named : rules_) {
      const spec::SeccompRule& rule = *named.rule;
      const std::uint32_t action = answer(rule.action, rule.errno_ret);
      if (action == answer(profile_.default_action, profile_.default_errno_ret)) continue;
      for (const std::optional<std::uint64_t>& selector : ways_to_call(named, *architecture, call.number)) {
        if (!selector && is_unconditional(rule, *architecture)) return {action};
        if (holds(rule, *architecture, call, selector)) conditional.insert(action);
      }
    }
    if (conditional.empty()) conditional.insert(answer(profile_.default_action, profile_.default_errno_ret));
    return conditional;
  }

  static std::uint32_t answer(spec::SeccompAction action, std::optional<std::uint32_t> errno_ret) {
    constexpr std::uint32_t kAnswers[] = {SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_TRAP,
                                          SECCOMP_RET_ERRNO,       SECCOMP_RET_TRACE,        SECCOMP_RET_ALLOW,
                                          SECCOMP_RET_LOG,         SECCOMP_RET_USER_NOTIF};
    const std::uint32_t base = kAnswers[static_cast<std::size_t>(action)];
    return base == SECCOMP_RET_ERRNO || base == SECCOMP_RET_TRACE ? base | errno_ret.value_or(EPERM) : base;
  }

 private:
  struct NamedRule {
    const spec::SeccompRule* rule;
    std::string name;
    const SyscallRow* row;
  };

  std::optional<SeccompArchitecture> architecture_of(const CallSample& call) const {
    using enum SeccompArchitecture;
    for (const SeccompArchitecture architecture : architectures_) {
      if (info_of(architecture).audit_arch != call.audit_arch) continue;
      if (architecture != X8664 && architecture != X32) return architecture;
      const bool wide = architectures_.contains(X8664), x32 = architectures_.contains(X32);
      if (wide && x32) return call.number >= kX32Bit ? X32 : X8664;
      if (wide) return call.number < kX32Bit || call.number == 0xffffffff ? std::optional(X8664) : std::nullopt;
      return call.number >= kX32Bit ? std::optional(X32) : std::nullopt;
    }
    return std::nullopt;
  }

  // An empty selector: the call itself. Otherwise through socketcall(2) or ipc(2) with that first argument.
  static std::vector<std::optional<std::uint64_t>> ways_to_call(const NamedRule& named, SeccompArchitecture architecture,
                                                                std::uint32_t number) {
    static const std::array<std::vector<std::string>, 2> kMultiplexed = {{
        {"",           "socket",  "bind",    "connect",  "listen",   "accept",   "getsockname", "getpeername",
         "socketpair", "send",    "recv",    "sendto",   "recvfrom", "shutdown", "setsockopt",  "getsockopt",
         "sendmsg",    "recvmsg", "accept4", "recvmmsg", "sendmmsg"},
        {"",       "semop",  "semget", "semctl", "semtimedop", "", "", "", "",      "",      "",       "msgsnd", "msgrcv",
         "msgget", "msgctl", "",       "",       "",           "", "", "", "shmat", "shmdt", "shmget", "shmctl"},
    }};
    std::vector<std::optional<std::uint64_t>> ways;
    const SeccompArchitectureInfo& info = info_of(architecture);
    for (std::size_t which = 0; which < 2; ++which)
      if (info.socketcall != 0 && number == (which == 0 ? info.socketcall : info.ipc))
        for (std::size_t selector = 1; selector < kMultiplexed[which].size(); ++selector)
          if (kMultiplexed[which][selector] == named.name) ways.emplace_back(selector);
    if (named.row != nullptr && syscall_number(*named.row, architecture) == number) ways.emplace_back(std::nullopt);
    return ways;
  }

  static bool is_alternatives(const spec::SeccompRule& rule) {
    std::set<std::uint32_t> indices;
    for (const spec::SeccompArg& arg : rule.args) indices.insert(arg.index);
    return indices.size() != rule.args.size();
  }

  static bool looks_at_nothing(const spec::SeccompArg& arg, SeccompArchitecture architecture) {
    const bool narrow = info_of(architecture).words == WordSize::Bits32;
    return arg.op == spec::SeccompOperator::MaskedEqual && (narrow ? arg.value & 0xffffffff : arg.value) == 0;
  }

  static bool is_unconditional(const spec::SeccompRule& rule, SeccompArchitecture architecture) {
    bool all = true, any = false;
    for (const spec::SeccompArg& arg : rule.args) {
      const bool nothing = looks_at_nothing(arg, architecture);
      all = all && nothing;
      any = any || nothing;
    }
    return is_alternatives(rule) ? any : all;
  }

  static bool holds(const spec::SeccompArg& arg, SeccompArchitecture architecture, std::uint64_t value) {
    std::uint64_t wanted = arg.value, second = arg.value_two;
    if (info_of(architecture).words == WordSize::Bits32) {
      value &= 0xffffffff;
      wanted &= 0xffffffff;
      second &= 0xffffffff;
    }
    switch (arg.op) {
      case spec::SeccompOperator::NotEqual:
        return value != wanted;
      case spec::SeccompOperator::Less:
        return value < wanted;
      case spec::SeccompOperator::LessOrEqual:
        return value <= wanted;
      case spec::SeccompOperator::Equal:
        return value == wanted;
      case spec::SeccompOperator::GreaterOrEqual:
        return value >= wanted;
      case spec::SeccompOperator::Greater:
        return value > wanted;
      case spec::SeccompOperator::MaskedEqual:
        return (value & wanted) == (second & wanted);
    }
    return false;
  }

  static bool holds(const spec::SeccompRule& rule, SeccompArchitecture architecture, const CallSample& call,
                    std::optional<std::uint64_t> selector) {
    if (selector && (call.args[0] & (info_of(architecture).words == WordSize::Bits32 ? 0xffffffff : ~0ULL)) != *selector)
      return false;
    bool all = true, any = false;
    for (const spec::SeccompArg& arg : rule.args) {
      const bool one = (selector && arg.index == 0) || holds(arg, architecture, call.args[arg.index]);
      all = all && one;
      any = any || one;
    }
    return is_alternatives(rule) ? any : all;
  }

  spec::Seccomp profile_;
  std::set<SeccompArchitecture> architectures_;
  std::vector<NamedRule> rules_;
};

// runc's rule for calls newer than the profile, which it prepends as instructions: numbers above the largest that the profile
// names for the architecture. Unlike runc, a call that i386 and s390 can also reach through socketcall(2) counts by its number.
class NewerCalls {
 public:
  NewerCalls(const spec::Seccomp& profile, SeccompArchitecture native) {
    using enum spec::SeccompAction;
    const bool permissive = profile.default_action == Allow || profile.default_action == Log || profile.default_action == Trace;
    if (permissive ||
        ReferenceFilter::answer(profile.default_action, profile.default_errno_ret) == (SECCOMP_RET_ERRNO | ENOSYS))
      return;
    std::set<SeccompArchitecture> architectures{native};
    for (const std::string& name : profile.architectures) architectures.insert(seccomp_architecture(name));
    for (const SeccompArchitecture architecture : architectures) {
      std::uint32_t newest = 0;
      for (const spec::SeccompRule& rule : profile.syscalls)
        for (const std::string& name : rule.names)
          if (const SyscallRow* row = find_syscall(name))
            newest = std::max(newest, syscall_number(*row, architecture).value_or(0));
      if (newest != 0) newest_.push_back({architecture, newest});
    }
  }

  bool answered_with_enosys(std::uint32_t audit_arch, std::uint32_t number) const {
    return std::any_of(newest_.begin(), newest_.end(), [&](const Newest& newest) {
      if (info_of(newest.architecture).audit_arch != audit_arch) return false;
      if (newest.architecture == SeccompArchitecture::X8664 && (number & kX32Bit) != 0) return false;
      if (newest.architecture == SeccompArchitecture::X32 && (number & kX32Bit) == 0) return false;
      const bool s390 = newest.architecture == SeccompArchitecture::S390 || newest.architecture == SeccompArchitecture::S390x;
      return number > newest.number || (s390 && number == 0);
    });
  }

 private:
  struct Newest {
    SeccompArchitecture architecture;
    std::uint32_t number;
  };
  std::vector<Newest> newest_;
};

}  // namespace caisson::security::test
