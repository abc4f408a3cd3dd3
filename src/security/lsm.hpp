// Linux security modules and no_new_privs: what a process asks to become at its next execve. The labels are planned here and
// written by the trampoline, through a private procfs (CVE-2019-16884, CVE-2021-30465 class: a /proc that the container
// provided may be anything).
#pragma once

#include <string>

#include "spec/spec.hpp"

namespace caisson::security {

struct LsmFacts {
  bool apparmor_enabled = false;  // /sys/module/apparmor/parameters/enabled is Y
  bool selinux_enabled = false;   // selinuxfs is mounted and has a policy
};

struct LsmPlan {
  std::string apparmor_profile;  // empty: nothing to do
  std::string selinux_label;
};

// Requested but not enabled here: Error{Host}. "unconfined" asks AppArmor for nothing when AppArmor is off.
LsmPlan plan_lsm(const spec::Process& process, const LsmFacts& facts);

void forbid_new_privileges();  // PR_SET_NO_NEW_PRIVS, and a look whether it holds

}  // namespace caisson::security
