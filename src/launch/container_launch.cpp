#include "launch/container_launch.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "launch/clone_result.hpp"
#include "launch/init_steps.hpp"
#include "launch/stage.hpp"
#include "launch/trampoline_image.hpp"
#include "launch/wire.hpp"
#include "net/loopback.hpp"
#include "ns/id_map.hpp"
#include "process/rlimits.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"

namespace caisson::launch {

using ns::Type;

Launch::Launch(const plan::Plan& plan, LaunchOptions options) : plan_(plan), options_(std::move(options)) {
  opened_.proc = sys::ProcHandle::host_view().or_throw("open /proc");
  opened_.progress = sys::SharedPage::make().or_throw("make a page to share with the child");
  opened_.joined = ns::open_joined(plan.namespaces);
  opened_.start_listener = std::move(options_.start_listener);
  channels_ = make_channel();
  open_sources();
  build_trampoline();
}

Launch::~Launch() {
  if (!process_.valid() || released_) return;
  static_cast<void>(sys::send_signal(process_, SIGKILL));
  static_cast<void>(sys::wait_for(process_));
}

// A privileged parent opens what the container's ids might not be able to reach. In a container of the same user namespace
// the child opens its own: a copy that is never attached costs a grace period when an error drops it.
void Launch::open_sources() {
  const bool child_is_weaker = plan_.namespaces.own(Type::User) && sys::effective_uid() == 0;
  if (!child_is_weaker || !plan_.own_mount_namespace()) return;
  // A copy made here is still a peer of the host's mounts; the child's own would be cut off from them already.
  const unsigned long wanted = plan_.root.step.propagation;
  const unsigned long propagation = (wanted & MS_PRIVATE) != 0 ? MS_PRIVATE : MS_SLAVE;
  const auto cut_off = [propagation](const sys::MountFd& copy) {
    sys::set_mount_attributes(copy.borrow(), true, {.propagation = propagation})
        .or_throw("cut a copied mount off from the host");
  };
  for (const mount::MountStep& step : plan_.mounts) {
    opened_.sources.push_back(step.needs_source() ? mount::open_source(step) : mount::BindSource{});
    if (step.needs_source()) cut_off(opened_.sources.back().mount);
  }
  if (plan_.devices.by_bind) opened_.device_nodes = mount::open_host_nodes(plan_.devices);
  for (const sys::MountFd& node : opened_.device_nodes)
    if (node.valid()) cut_off(node);
  if (plan_.root.host_view) return;
  opened_.rootfs = mount::clone_root(plan_.root.step);
  cut_off(opened_.rootfs);
}

void Launch::build_trampoline() {
  const plan::ProcessPlan& process = plan_.process;
  TrampolineOrders orders{.channel = channels_.child.borrow().get(),
                          .listener = opened_.start_listener.get(),
                          .preserved = process.preserve_fds,
                          .dies_with_runtime = plan_.end == plan::End::WithRuntime,
                          .init = process.below_init};
  add_security(orders, process, opened_.proc);
  if (!plan_.hooks.start_container.empty()) {
    spec::State state = options_.state;
    state.status = "created";
    state.pid = plan_.namespaces.creates(Type::Pid) ? 1 : 0;  // the number in the container; a shared one is not known yet
    orders.hook_state = spec::write_hook_state(state);
  }
  opened_.labels_need_proc = orders.proc >= 0;
  for (const spec::Hook& hook : plan_.hooks.start_container)
    orders.hooks.push_back({.path = hook.path,
                            .args = hook.args.empty() ? std::vector<std::string>{hook.path} : hook.args,
                            .env = hook.env,
                            .timeout_s = static_cast<std::int32_t>(hook.timeout.value_or(0))});
  opened_.trampoline = make_trampoline(orders);
}

void Launch::clone_child(const cgroup::CgroupGuard& cgroups) {
  int pidfd = -1;
  constexpr std::uint64_t kMadeByClone = 0x10000000 | 0x20000000;  // user, pid
  sys::abi::CloneArgs args{.flags = sys::abi::kClonePidfd | (plan_.namespaces.created & kMadeByClone),
                           .pidfd = reinterpret_cast<std::uint64_t>(&pidfd),
                           .exit_signal = SIGCHLD};
  if (const auto group = cgroups.v2()) {
    args.flags |= sys::abi::kCloneIntoCgroup;
    args.cgroup = static_cast<std::uint64_t>(group->get());
  }
  const bool held = !plan_.id_maps.empty() || cgroups.has_v1();
  const auto cloned = sys::clone_process(args);
  if (!cloned.ok()) throw_clone_failure(cloned.err(), plan_.namespaces.creates(Type::User));
  if (cloned.value() == 0) {
    channels_.parent.close();
    InitContext context{.plan = plan_,
                        .opened = opened_,
                        .process = {.plan = plan_.process,
                                    .channel = channels_.child,
                                    .proc = opened_.proc,
                                    .trampoline = opened_.trampoline.borrow(),
                                    .kept = kept_descriptors(channels_.child, opened_)},
                        .begin = held ? Begin::WhenTold : Begin::AtOnce,
                        .report_steps = options_.report_steps,
                        .state = options_.state};
    init_main(context);
  }
  pid_ = cloned.value();
  process_ = sys::Pidfd{sys::UniqueFd(pidfd)};
  channels_.child.close();
  if (!held) return;
  if (cgroups.has_v1()) cgroups.join_v1(pid_);
  ns::write_maps(plan_.id_maps, opened_.proc.borrow(), pid_);
  channels_.parent.send(Message::Continue);
}

// The kernel takes a millisecond to make a network namespace: on another core while the child mounts.
void Launch::make_network() {
  const auto own = sys::open_at(sys::kCwd, "/proc/self/ns/net", O_RDONLY).or_throw("open /proc/self/ns/net");
  const std::uint64_t flag = ns::kind_of(Type::Network).flag;
  sys::unshare(flag).or_throw("create a network namespace");
  net::bring_loopback_up();
  const auto made = sys::open_at(sys::kCwd, "/proc/self/ns/net", O_RDONLY).or_throw("open the new network namespace");
  channels_.parent.send_fd(Message::Network, made.borrow());
  sys::set_namespace(own.borrow(), flag).or_throw("return to the own network namespace");
}

void Launch::begin(const cgroup::CgroupGuard& cgroups, LaunchObserver& observer) {
  try {
    give_what_it_needs(cgroups, observer);
  } catch (const Error& error) {
    // A child that failed closes its end: what it said before that is the reason, not our broken pipe.
    const bool cut_off = error.errno_value() == EPIPE || error.errno_value() == ECONNRESET;
    if (!cut_off || !process_.valid()) throw;
    throw_if_failed(sys::wait_for(process_).or_throw("wait for the container's first process"));
    throw;
  }
}

void Launch::give_what_it_needs(const cgroup::CgroupGuard& cgroups, LaunchObserver& observer) {
  if (plan_.namespaces.needs_stage())
    run_stage(cgroups);
  else
    clone_child(cgroups);
  if (plan_.network == plan::NetworkMaker::Runtime) make_network();
  process::apply_rlimits(pid_, plan_.process.rlimits);
  observer.process_made(pid_);
  if (plan_.has_runtime_hooks()) {
    while (handle(observer) != Message::Hooks) {
    }
    channels_.parent.send(Message::Continue);
  }
  channels_.parent.send(Message::Continue);  // the record is on disk
}

void Launch::run_stage(const cgroup::CgroupGuard& cgroups) {
  const StageResult made = make_by_stage({.plan = plan_,
                                          .opened = opened_,
                                          .channels = channels_,
                                          .cgroups = cgroups,
                                          .report_steps = options_.report_steps,
                                          .state = options_.state});
  pid_ = made.pid;
  process_ = sys::open_pidfd(pid_).or_throw("open the container's first process");
  channels_.child.close();
}

std::optional<Message> Launch::handle(LaunchObserver& observer) {
  auto received = channels_.parent.receive();
  if (!received) {
    if (goes_ahead_) return std::nullopt;
    throw_death(sys::wait_for(process_).or_throw("wait for the container's first process"));
  }
  switch (received->message) {
    case Message::Failure:
      throw decode_failure(std::as_bytes(std::span(received->data))).within("start the container's first process");
    case Message::Hooks:
      observer.runtime_hooks();
      break;
    case Message::Console:
      if (received->fds.empty()) throw Error(ErrorKind::Kernel, "the container's first process sent no terminal");
      observer.console(std::move(received->fds.front()), text::parse_number<unsigned>(received->data).value_or(0));
      break;
    case Message::Listener:
      observer.seccomp_listener(fetch_listener(process_, received->data));
      channels_.parent.send(Message::Continue);
      break;
    case Message::Step: {
      StepRecord record;
      if (received->data.size() != sizeof record - 1) break;
      std::memcpy(reinterpret_cast<char*>(&record) + 1, received->data.data(), sizeof record - 1);
      observer.step(plan::name_of(static_cast<plan::InitStep>(record.step)), record.begin_ns, record.end_ns);
      break;
    }
    case Message::Note:
      observer.note(received->data);
      break;
    case Message::GoesAhead:
      goes_ahead_ = true;
      break;
    case Message::Ready:
    case Message::Process:
    case Message::Maps:
    case Message::Network:
    case Message::Continue:
    case Message::Start:
      break;
  }
  return received->message;
}

void Launch::finish(LaunchObserver& observer) {
  for (;;) {
    const auto message = handle(observer);
    if (!message || message == Message::Ready) return;
  }
}

void Launch::throw_if_failed(const sys::ExitStatus& ended) {
  for (;;) {
    const auto received = channels_.parent.receive();
    if (!received) break;
    if (received->message == Message::Failure)
      throw decode_failure(std::as_bytes(std::span(received->data))).within("start the container's first process");
    if (received->message == Message::GoesAhead) goes_ahead_ = true;
  }
  if (!goes_ahead_) throw_death(ended);
}

void Launch::throw_death(const sys::ExitStatus& ended) const {
  const auto step = static_cast<plan::InitStep>(opened_.progress.word(0).load());
  const std::string how =
      ended.signalled ? "was killed by " + process::signal_name(ended.value) : text::join("ended with status ", ended.value);
  throw Error(ErrorKind::Kernel,
              text::join("the container's first process ", how, " during the step \"", plan::name_of(step), "\""));
}

}  // namespace caisson::launch
