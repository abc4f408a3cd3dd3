#include "launch/exec_launch.hpp"

#include <fcntl.h>
#include <sys/prctl.h>

#include <cerrno>

#include "launch/clone_result.hpp"
#include "launch/init_steps.hpp"
#include "launch/process_steps.hpp"
#include "launch/trampoline_image.hpp"
#include "launch/wire.hpp"
#include "ns/kinds.hpp"
#include "process/keyring.hpp"
#include "process/rlimits.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"

#ifdef CAISSON_FAULT_POINTS
#include "sys/fault_points.hpp"
#endif

namespace caisson::launch {
namespace {

constexpr std::uint64_t kUser = ns::kind_of(ns::Type::User).flag;
constexpr std::uint64_t kPid = ns::kind_of(ns::Type::Pid).flag;

// An ordinary user has rights over the container's namespaces only from inside its user namespace.
std::uint64_t entered_by_runtime(const ExecTarget& target) {
  return target.namespaces & (sys::effective_uid() == 0 ? kPid : kUser | kPid);
}

void join_namespaces(const ExecTarget& target, std::uint64_t entered) {
  const std::uint64_t rest = target.namespaces & ~entered;
  if (rest != 0) sys::set_namespace(target.init.borrow(), rest).or_throw("join the namespaces of the container");
  if ((target.namespaces & kUser) == 0) return;
  sys::set_group(0).or_throw("become group 0 of the user namespace");
  sys::set_user(0).or_throw("become user 0 of the user namespace");
}

struct ExecStep {
  std::string_view name;
  void (*run)(ProcessStage&, const ExecTarget&, std::uint64_t entered);
};

// As for the first process (init_steps.cpp), without what is there already.
constexpr ExecStep kExecSteps[] = {
    {"join namespaces",
     [](ProcessStage&, const ExecTarget& target, std::uint64_t entered) { join_namespaces(target, entered); }},
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
    {"switch user", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { switch_user(stage, 0022); }},
    {"set capabilities", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { set_final_capabilities(stage); }},
    {"forbid new privileges", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { forbid_new_privileges(stage); }},
    {"find the executable", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { find_executable(stage); }},
    {"hand over to the trampoline", [](ProcessStage& stage, const ExecTarget&, std::uint64_t) { execute_trampoline(stage); }},
};

}  // namespace

ExecLaunch::ExecLaunch(const plan::ProcessPlan& plan, const ExecTarget& target) : plan_(plan), target_(target) {
  opened_.proc = sys::ProcHandle::host_view().or_throw("open /proc");
  opened_.progress = sys::SharedPage::make().or_throw("make a page to share with the child");
  channels_ = make_channel();
  TrampolineOrders orders{.channel = channels_.child.borrow().get(), .preserved = plan.preserve_fds};
  add_security(orders, plan, opened_.proc);
  opened_.labels_need_proc = orders.proc >= 0;
  opened_.trampoline = make_trampoline(orders);
}

ExecLaunch::~ExecLaunch() {
  if (!process_.valid() || released_) return;
  static_cast<void>(sys::send_signal(process_, SIGKILL));
  static_cast<void>(sys::wait_for(process_));
}

void ExecLaunch::child(bool held, std::uint64_t entered) {
#ifdef CAISSON_FAULT_POINTS
  sys::fault_points::enter_role(sys::fault_points::Role::Exec);
#endif
  channels_.parent.close();
  ProcessStage stage{.plan = plan_,
                     .channel = channels_.child,
                     .proc = opened_.proc,
                     .trampoline = opened_.trampoline.borrow(),
                     .kept = kept_descriptors(channels_.child, opened_)};
  std::uint32_t index = 0;
  for (const auto& [name, run] : kExecSteps) {
    opened_.progress.word(0) = index++;
    try {
      if (index == 1 && held) channels_.child.expect(Message::Continue);
      run(stage, target_, entered);
    } catch (Error& error) {
      channels_.child.send_failure(error.within(std::string(name)));
      sys::exit_now(kSetupFailed);
    }
  }
  sys::exit_now(kSetupFailed);
}

// Version 1 has no clone into a cgroup.
void ExecLaunch::join_version_one() const {
  for (const cgroup::Place& place : target_.cgroups) {
    if (place.is_v2()) continue;
    const auto directory = cgroup::open_place(place);
    if (directory.err() == ENOENT) continue;
    if (!directory.ok()) throw Error(ErrorKind::Kernel, text::join("open cgroup ", place.directory()), directory.err());
    sys::write_file(directory.value().borrow(), "cgroup.procs", text::join(pid_)).or_throw("join cgroup ", place.directory());
  }
}

void ExecLaunch::begin() {
  sys::UniqueFd group;
  bool held = false;
  for (const cgroup::Place& place : target_.cgroups) {
    if (place.is_v2())
      group = cgroup::open_place(place).or_throw("open cgroup ", place.directory());
    else
      held = true;
  }
  // Tracing is forbidden from before the first namespace is entered until execve (CVE-2016-9962).
  sys::process_control(PR_SET_DUMPABLE, 0).or_throw("forbid tracing");
  const std::uint64_t entered = entered_by_runtime(target_);
  if (entered != 0) sys::set_namespace(target_.init.borrow(), entered).or_throw("join the pid namespace of the container");
  int pidfd = -1;
  sys::abi::CloneArgs args{
      .flags = sys::abi::kClonePidfd, .pidfd = reinterpret_cast<std::uint64_t>(&pidfd), .exit_signal = SIGCHLD};
  if (group.valid()) {
    args.flags |= sys::abi::kCloneIntoCgroup;
    args.cgroup = static_cast<std::uint64_t>(group.get());
  }
  const auto cloned = sys::clone_process(args);
  if (cloned.err() == ENOMEM)
    throw Error(ErrorKind::State, "the container's first process has ended: its pid namespace takes no further process");
  if (!cloned.ok()) throw_clone_failure(cloned.err(), false);
  if (cloned.value() == 0) child(held, entered);
  pid_ = cloned.value();
  process_ = sys::Pidfd{sys::UniqueFd(pidfd)};
  channels_.child.close();
  process::apply_rlimits(pid_, plan_.rlimits);
  if (!held) return;
  join_version_one();
  channels_.parent.send(Message::Continue);
}

bool ExecLaunch::handle(LaunchObserver& observer) {
  auto received = channels_.parent.receive();
  if (!received) {
    if (goes_ahead_) return false;
    throw_if_failed(sys::wait_for(process_).or_throw("wait for the process"));
    return false;
  }
  if (received->message == Message::Failure) throw decode_failure(std::as_bytes(std::span(received->data)));
  if (received->message == Message::GoesAhead) goes_ahead_ = true;
  if (received->message == Message::Console && !received->fds.empty())
    observer.console(std::move(received->fds.front()), text::parse_number<unsigned>(received->data).value_or(0));
  if (received->message == Message::Listener) {
    observer.seccomp_listener(fetch_listener(process_, received->data));
    channels_.parent.send(Message::Continue);
  }
  return true;
}

void ExecLaunch::finish(LaunchObserver& observer) {
  while (handle(observer)) {
  }
}

void ExecLaunch::throw_if_failed(const sys::ExitStatus& ended) {
  for (;;) {
    const auto received = channels_.parent.receive();
    if (!received) break;
    if (received->message == Message::Failure) throw decode_failure(std::as_bytes(std::span(received->data)));
    if (received->message == Message::GoesAhead) goes_ahead_ = true;
  }
  if (goes_ahead_) return;
  const std::uint32_t step = opened_.progress.word(0).load();
  const std::string how =
      ended.signalled ? "was killed by " + process::signal_name(ended.value) : text::join("ended with status ", ended.value);
  throw Error(ErrorKind::Kernel, text::join("the process ", how, " during the step \"", kExecSteps[step].name, "\""));
}

}  // namespace caisson::launch
