#include "plan/process_plan.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "process/io_priority.hpp"
#include "process/personality.hpp"
#include "process/scheduler.hpp"

namespace caisson::plan {
namespace {

void plan_user(ProcessPlan& plan, const spec::User& user, const ProcessContext& context) {
  plan.uid = user.uid;
  plan.gid = user.gid;
  if (user.umask) plan.umask = *user.umask;
  plan.groups.assign(user.additional_gids.begin(), user.additional_gids.end());
  if (!context.setgroups_denied && !context.keep_groups) return;
  plan.groups_mode = Groups::Keep;
  if (plan.groups.empty() || context.keep_groups) return;
  throw Error(ErrorKind::Host, "process.user.additionalGids: setgroups(2) is denied in this user namespace")
      .with_hint("with a single mapped id the kernel forbids setgroups; map ranges through /etc/subuid and /etc/subgid");
}

// The last one of a name counts, and alone is there: getenv(3) would find the first.
std::vector<std::string> without_doubles(const std::vector<std::string>& env) {
  const auto name_of = [](const std::string& entry) { return std::string_view(entry).substr(0, entry.find('=')); };
  std::set<std::string_view> later;
  std::vector<std::string> kept;
  for (auto entry = env.rbegin(); entry != env.rend(); ++entry)
    if (later.insert(name_of(*entry)).second) kept.push_back(*entry);
  std::ranges::reverse(kept);
  return kept;
}

void plan_security(ProcessPlan& plan, const spec::Process& process, const host::HostFacts& facts,
                   const ProcessContext& context) {
  plan.last_capability = facts.last_capability;
  plan.no_new_privileges = process.no_new_privileges;
  const std::uint64_t grantable = security::capabilities_up_to(facts.last_capability) &
                                  (context.own_user_namespace ? ~std::uint64_t{0} : facts.effective_capabilities);
  if (process.capabilities) plan.capabilities = security::plan_capabilities(*process.capabilities, grantable, plan.warnings);
  if (process.apparmor_profile.empty() && process.selinux_label.empty()) return;
  const host::SecurityModules modules = facts.security_modules.value_or(host::SecurityModules{});
  plan.lsm = security::plan_lsm(process, {.apparmor_enabled = modules.apparmor, .selinux_enabled = modules.selinux});
}

void plan_scheduling(ProcessPlan& plan, const spec::Process& process, const spec::Linux* linux_part,
                     const ProcessContext& context) {
  if (process.scheduler) plan.scheduler = process::plan_scheduler(*process.scheduler);
  if (process.io_priority) plan.io_priority = process::plan_io_priority(*process.io_priority);
  if (process.exec_cpu_affinity && context.command == ProcessOf::Exec)
    plan.affinity = process::plan_cpu_affinity(*process.exec_cpu_affinity);
  plan.affinity.reset = context.own_cpuset;
  if (linux_part == nullptr) return;
  if (linux_part->personality) plan.personality = process::plan_personality(*linux_part->personality);
  if (linux_part->memory_policy) plan.memory_policy = process::plan_memory_policy(*linux_part->memory_policy);
}

}  // namespace

bool keeps_original_groups(const spec::Spec& spec) {
  const auto keep = spec.annotations.find("run.oci.keep_original_groups");
  return keep != spec.annotations.end() && keep->second != "0";
}

ProcessPlan plan_process(const spec::Process& process, const spec::Linux* linux_part, const host::HostFacts& facts,
                         const ProcessContext& context) {
  ProcessPlan plan{.args = process.args, .env = without_doubles(process.env), .cwd = process.cwd, .terminal = process.terminal};
  if (process.terminal && process.console_size && process.console_size->height > 0 && process.console_size->width > 0)
    plan.window = sys::WindowSize{.rows = static_cast<std::uint16_t>(process.console_size->height),
                                  .columns = static_cast<std::uint16_t>(process.console_size->width)};
  plan_user(plan, process.user, context);
  plan_security(plan, process, facts, context);
  plan_scheduling(plan, process, linux_part, context);
  plan.rlimits = process::plan_rlimits(process.rlimits);
  plan.oom_score_adj = process.oom_score_adj;
  plan.below_init = context.below_init;
  plan.preserve_fds = context.preserve_fds;
  if (linux_part != nullptr && linux_part->seccomp) {
    plan.filter = security::compile(*linux_part->seccomp, {.supported_flags = context.supported_seccomp_flags});
    plan.seccomp_agent = linux_part->seccomp->listener_path;
    plan.seccomp_metadata = linux_part->seccomp->listener_metadata;
  }
  return plan;
}

}  // namespace caisson::plan
