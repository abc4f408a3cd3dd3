// The checks of linux.seccomp. Names of system calls are not checked: unknown ones are skipped, as profiles are shared by
// machines with different kernels.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "json/names.hpp"
#include "spec/check_rules.hpp"
#include "spec/checks.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {
namespace {

constexpr std::string_view kPath = "linux.seccomp";
constexpr std::uint32_t kMaxErrno = 4095;   // MAX_ERRNO
constexpr std::uint32_t kMaxTrace = 65535;  // SECCOMP_RET_DATA

const Seccomp* seccomp_of(const Spec& spec) { return spec.linux_ && spec.linux_->seccomp ? &*spec.linux_->seccomp : nullptr; }

JsonPath rule_path(std::size_t index) { return child_path(child_path(kPath, "syscalls"), index); }

void require_errno(SeccompAction action, std::uint32_t value, const JsonPath& path) {
  if (action != SeccompAction::Errno && action != SeccompAction::Trace) {
    refuse(path, text::join("the action ", json::name_of(action), " returns no errno"),
           "only SCMP_ACT_ERRNO and SCMP_ACT_TRACE take one");
  }
  const std::uint32_t last = action == SeccompAction::Errno ? kMaxErrno : kMaxTrace;
  if (value > last) refuse(path, text::join(value, " is out of range 0..", last));
}

bool notifies(const SeccompRule& rule) { return rule.action == SeccompAction::Notify; }

}  // namespace

void check_seccomp_words(const Spec& spec) {
  const Seccomp* seccomp = seccomp_of(spec);
  if (seccomp == nullptr) return;
  for (std::size_t i = 0; i < seccomp->architectures.size(); ++i) {
    require_known(seccomp_architectures(), "architecture", seccomp->architectures[i],
                  child_path(child_path(kPath, "architectures"), i));
  }
  if (!seccomp->flags) return;
  for (std::size_t i = 0; i < seccomp->flags->size(); ++i) {
    require_known(seccomp_flags(), "seccomp flag", (*seccomp->flags)[i], child_path(child_path(kPath, "flags"), i));
  }
}

void check_seccomp_errno(const Spec& spec) {
  const Seccomp* seccomp = seccomp_of(spec);
  if (seccomp == nullptr) return;
  if (seccomp->default_errno_ret) {
    require_errno(seccomp->default_action, *seccomp->default_errno_ret, child_path(kPath, "defaultErrnoRet"));
  }
  for (std::size_t i = 0; i < seccomp->syscalls.size(); ++i) {
    const SeccompRule& rule = seccomp->syscalls[i];
    if (rule.errno_ret) require_errno(rule.action, *rule.errno_ret, child_path(rule_path(i), "errnoRet"));
  }
}

void check_seccomp_notify(const Spec& spec) {
  const Seccomp* seccomp = seccomp_of(spec);
  if (seccomp == nullptr) return;
  if (seccomp->default_action == SeccompAction::Notify) {
    refuse(child_path(kPath, "defaultAction"), "SCMP_ACT_NOTIFY cannot be the default",
           "the runtime itself would wait for the agent; notify only the calls that need it");
  }
  for (std::size_t i = 0; i < seccomp->syscalls.size(); ++i) {
    const SeccompRule& rule = seccomp->syscalls[i];
    if (notifies(rule) && std::ranges::count(rule.names, "write") != 0) {
      refuse(child_path(rule_path(i), "action"), "SCMP_ACT_NOTIFY cannot be used for write",
             "the runtime needs write to hand the listener over");
    }
  }
  if (!seccomp->listener_metadata.empty() && seccomp->listener_path.empty()) {
    refuse(child_path(kPath, "listenerMetadata"), "needs listenerPath");
  }
  if (seccomp->listener_path.empty() && std::ranges::any_of(seccomp->syscalls, notifies)) {
    refuse(child_path(kPath, "listenerPath"), "missing: a rule has the action SCMP_ACT_NOTIFY",
           "name the socket of the seccomp agent");
  }
  if (!seccomp->listener_path.empty()) require_absolute(seccomp->listener_path, child_path(kPath, "listenerPath"));
}

void check_seccomp_rules(const Spec& spec) {
  constexpr std::uint32_t kLastArgument = 5;
  const Seccomp* seccomp = seccomp_of(spec);
  if (seccomp == nullptr) return;
  for (std::size_t i = 0; i < seccomp->syscalls.size(); ++i) {
    const SeccompRule& rule = seccomp->syscalls[i];
    if (rule.names.empty()) refuse(child_path(rule_path(i), "names"), "must name a system call");
    for (std::size_t j = 0; j < rule.names.size(); ++j) {
      if (rule.names[j].empty()) refuse(child_path(child_path(rule_path(i), "names"), j), "must name a system call");
    }
    for (std::size_t j = 0; j < rule.args.size(); ++j) {
      if (rule.args[j].index > kLastArgument) {
        refuse(child_path(child_path(child_path(rule_path(i), "args"), j), "index"),
               text::join(rule.args[j].index, " is out of range 0..5"));
      }
    }
  }
}

}  // namespace caisson::spec
