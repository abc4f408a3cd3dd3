#include "security/lsm.hpp"

#include <sys/prctl.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/process.hpp"

namespace caisson::security {

LsmPlan plan_lsm(const spec::Process& process, const LsmFacts& facts) {
  LsmPlan plan{.apparmor_profile = process.apparmor_profile, .selinux_label = process.selinux_label};
  if (!facts.apparmor_enabled && plan.apparmor_profile == "unconfined") plan.apparmor_profile.clear();
  if (!plan.apparmor_profile.empty() && !facts.apparmor_enabled)
    throw Error(ErrorKind::Host, text::join("process.apparmorProfile: AppArmor is not enabled here, but ",
                                            text::quoted(plan.apparmor_profile), " is asked for"))
        .with_hint("boot with apparmor=1 security=apparmor, or leave process.apparmorProfile out");
  if (!plan.selinux_label.empty() && !facts.selinux_enabled)
    throw Error(ErrorKind::Host, text::join("process.selinuxLabel: SELinux is not enabled here, but ",
                                            text::quoted(plan.selinux_label), " is asked for"))
        .with_hint("boot with selinux=1 and a policy, or leave process.selinuxLabel out");
  return plan;
}

void forbid_new_privileges() {
  sys::process_control(PR_SET_NO_NEW_PRIVS, 1).or_throw("forbid new privileges");
  if (sys::process_control_value(PR_GET_NO_NEW_PRIVS).or_throw("look whether new privileges are forbidden") != 1)
    throw Error(ErrorKind::Kernel, "forbid new privileges: the kernel reports that they are still allowed");
}

}  // namespace caisson::security
