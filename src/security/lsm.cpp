#include "security/lsm.hpp"

#include <fcntl.h>
#include <sys/prctl.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::security {

namespace {

constexpr const char* kAppArmorExec = "attr/apparmor/exec";
constexpr const char* kAttrExec = "attr/exec";

}  // namespace

LsmPlan plan_lsm(const spec::Process& process, const LsmFacts& facts) {
  LsmPlan plan{.apparmor_profile = process.apparmor_profile, .selinux_label = process.selinux_label};
  if (!facts.apparmor_enabled && plan.apparmor_profile == "unconfined") plan.apparmor_profile.clear();
  if (!plan.apparmor_profile.empty() && !facts.apparmor_enabled)
    throw Error(ErrorKind::Host, text::join("process.apparmorProfile: AppArmor is not enabled here, but ",
                                            text::quoted(plan.apparmor_profile), " is asked for"))
        .with_hint("Boot with apparmor=1 security=apparmor, or leave process.apparmorProfile out");
  if (!plan.selinux_label.empty() && !facts.selinux_enabled)
    throw Error(ErrorKind::Host, text::join("process.selinuxLabel: SELinux is not enabled here, but ",
                                            text::quoted(plan.selinux_label), " is asked for"))
        .with_hint("Boot with selinux=1 and a policy, or leave process.selinuxLabel out");
  return plan;
}

void apply_apparmor(sys::BorrowedFd thread_self, const std::string& profile) {
  // Not by the error of the write: that is ENOENT for a profile that is not loaded, too.
  sys::SysResult<sys::UniqueFd> file = sys::open_at(thread_self, kAppArmorExec, O_WRONLY);
  if (file.err() == ENOENT) file = sys::open_at(thread_self, kAttrExec, O_WRONLY);
  const sys::UniqueFd attribute = std::move(file).or_throw("ask for the AppArmor profile ", text::quoted(profile));
  const sys::SysStatus written = sys::write_once(attribute.borrow(), text::join("exec ", profile));
  if (written.ok()) return;
  Error error(ErrorKind::Kernel, text::join("ask for the AppArmor profile ", text::quoted(profile)), written.err());
  if (written.err() == ENOENT) error.with_hint("The profile is not loaded; apparmor_parser -r FILE loads one");
  throw error;
}

void apply_selinux(sys::BorrowedFd thread_self, const std::string& label) {
  sys::write_file(thread_self, kAttrExec, label).or_throw("ask for the SELinux label ", text::quoted(label));
}

void forbid_new_privileges() {
  sys::process_control(PR_SET_NO_NEW_PRIVS, 1).or_throw("forbid new privileges");
  if (sys::process_control_value(PR_GET_NO_NEW_PRIVS).or_throw("look whether new privileges are forbidden") != 1)
    throw Error(ErrorKind::Kernel, "forbid new privileges: the kernel reports that they are still allowed");
}

}  // namespace caisson::security
