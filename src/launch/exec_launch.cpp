#include "launch/exec_launch.hpp"

#include <fcntl.h>
#include <sys/prctl.h>

#include <cerrno>

#include "launch/clone_result.hpp"
#include "launch/init_steps.hpp"
#include "launch/process_steps.hpp"
#include "launch/trampoline_image.hpp"
#include "ns/kinds.hpp"
#include "process/cpu_affinity.hpp"
#include "process/keyring.hpp"
#include "process/rlimits.hpp"
#include "sys/file.hpp"

#ifdef CAISSON_FAULT_POINTS
#include "sys/fault_points.hpp"
#endif

namespace caisson::launch {
namespace {

constexpr std::uint64_t kUser = ns::kind_of(ns::Type::User).flag;
constexpr std::uint64_t kTime = ns::kind_of(ns::Type::Time).flag;
constexpr std::uint64_t kPid = ns::kind_of(ns::Type::Pid).flag;

// An ordinary user has rights over the container's namespaces only from inside its user namespace.
std::uint64_t entered_by_runtime(const ExecTarget& target) {
  return target.namespaces & (sys::effective_uid() == 0 ? kPid : kUser | kPid);
}

void join_container(const ExecTarget& target, std::uint64_t entered) {
  const std::uint64_t rest = target.namespaces & ~entered;
  if (rest != 0) sys::set_namespace(target.init.borrow(), rest).or_throw("join the namespaces of the container");
  if ((target.namespaces & kUser) == 0) return;
  sys::set_group(0).or_throw("become group 0 of the user namespace");
  sys::set_user(0).or_throw("become user 0 of the user namespace");
}

// Version 1 has no clone into a cgroup.
void enter_version_one(const ExecTarget& target) {
  for (const cgroup::Place& place : target.cgroups) {
    if (place.is_v2()) continue;
    const auto directory = cgroup::open_place(place);
    if (directory.err() == ENOENT) continue;
    if (!directory.ok()) throw Error(ErrorKind::Kernel, text::join("open cgroup ", place.directory()), directory.err());
    cgroup::enter_v1_cgroup(directory.value().borrow(), place);
  }
}

struct ExecStep {
  std::string_view name;
  void (*run)(ProcessStage&, const ExecTarget&, std::uint64_t entered);
};

// As for the first process (init_steps.cpp), without what is there already.
constexpr ExecStep kExecSteps[] = {
    {"enter the cgroups", [](ProcessStage&, const ExecTarget& target, std::uint64_t) { enter_version_one(target); }},
    // By itself: nobody waits for its maker, who would come too late. Before the user namespace, where no hard limit is raised.
    {"set resource limits",
     [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { process::apply_rlimits(0, stage.plan.rlimits); }},
    {"join namespaces",
     [](ProcessStage&, const ExecTarget& target, std::uint64_t entered) { join_container(target, entered); }},
    {"join the session keyring",
     [](ProcessStage&, const ExecTarget& target, std::uint64_t) {
       if (target.keyring.empty()) return;
       process::join_session_keyring(
           target.keyring, (target.namespaces & kUser) != 0 ? process::KeySearch::ByOthers : process::KeySearch::ByOwner);
     }},
    {"open the root", [](ProcessStage& stage, const ExecTarget&,
                         std::uint64_t) { stage.root = sys::RootDir::open_host("/").or_throw("open the container's root"); }},
    {"attach the console",
     [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { attach_console(stage, ConsoleFor::LaterProcess); }},
    {"set scheduling", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { set_scheduling(stage); }},
    {"load the seccomp filter while privileged",
     [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { filter_while_privileged(stage); }},
    {"reset signals", [](ProcessStage&, const ExecTarget&, std::uint64_t) { sys::reset_signal_actions(); }},
    {"limit capabilities", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { limit_capabilities(stage); }},
    {"switch user", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { switch_user(stage, 0022); }},
    {"set capabilities", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { set_final_capabilities(stage); }},
    {"forbid new privileges", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { forbid_new_privileges(stage); }},
    {"find the executable", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { find_executable(stage); }},
    {"hand over to the trampoline", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { execute_trampoline(stage); }},
};

constexpr ProcessWords kExecWords{
    .subject = "the process",
    .frame = "",
    .step_name = [](std::uint32_t step) { return kExecSteps[step].name; },
};

// Whoever may trace a child of ours in the container may trace it while it still has all our rights: its memory adds nothing to
// that. A weaker child, in a user namespace, gets none of it; and EUSERS: shared memory enters no time namespace.
ChildMemory memory_for(const plan::ProcessPlan& plan, const ExecTarget& target) {
  const bool weaker_or_time = (target.namespaces & (kUser | kTime)) != 0;
  const bool shared = !weaker_or_time && may_share_memory(plan);
  return shared ? ChildMemory::Shared : ChildMemory::Own;
}

}  // namespace

ExecLaunch::ExecLaunch(const plan::ProcessPlan& plan, const ExecTarget& target)
    : LaunchedProcess(kExecWords, memory_for(plan, target)), plan_(plan), target_(target) {
  TrampolineOrders orders{.channel = channels_.child.borrow().get(), .preserved = plan.preserve_fds};
  add_security(orders, plan, opened_.proc);
  opened_.labels_need_proc = orders.proc >= 0;
  opened_.trampoline = make_trampoline(orders);
}

void ExecLaunch::child_main(void* launch) noexcept { static_cast<const ExecLaunch*>(launch)->child(); }

void ExecLaunch::child() const noexcept {
#ifdef CAISSON_FAULT_POINTS
  sys::fault_points::enter_role(sys::fault_points::Role::Exec);
#endif
  channels_.parent.close_number();
  ProcessStage stage{.plan = plan_,
                     .channel = channels_.child,
                     .proc = opened_.proc,
                     .trampoline = opened_.trampoline.borrow(),
                     .kept = kept_descriptors(channels_.child, opened_)};
  std::uint32_t index = 0;
  for (const auto& [name, run] : kExecSteps) {
    *opened_.progress = index++;
    try {
      run(stage, target_, entered_);
    } catch (Error& error) {
      channels_.child.send_failure(error.within(std::string(name)));
      sys::exit_now(kSetupFailed);
    }
  }
  sys::exit_now(kSetupFailed);
}

void ExecLaunch::begin() {
  try {
    clone_child();
  } catch (const Error& error) {
    rethrow_or_its_failure(error);
  }
}

void ExecLaunch::clone_child() {
  sys::UniqueFd group;
  for (const cgroup::Place& place : target_.cgroups) {
    if (place.is_v2()) group = cgroup::open_place(place).or_throw("open cgroup ", place.directory());
  }
  // Tracing is forbidden from before the first namespace is entered until execve (CVE-2016-9962).
  sys::process_control(PR_SET_DUMPABLE, 0).or_throw("forbid tracing");
  entered_ = entered_by_runtime(target_);
  if (entered_ != 0) sys::set_namespace(target_.init.borrow(), entered_).or_throw("join the pid namespace of the container");
  const process::InitialCpuAffinity affinity(plan_.affinity);
  auto cloned = make_child(0, group.valid() ? std::optional(group.borrow()) : std::nullopt, child_main, this);
  if (cloned.err() == ENOMEM)
    throw Error(ErrorKind::State, "the container's first process has ended: its pid namespace takes no further process");
  if (!cloned.ok()) throw_clone_failure("a process of the container", cloned.err(), false);
  sys::Cloned made = std::move(cloned).value();
  adopt(made.pid, std::move(made.process));
}

void ExecLaunch::finish(LaunchObserver& observer) {
  while (hear(observer)) {
  }
}

}  // namespace caisson::launch
