#include "launch/container_launch.hpp"

#include <fcntl.h>
#include <signal.h>

#include "launch/clone_result.hpp"
#include "launch/init_steps.hpp"
#include "launch/mount_id_maps.hpp"
#include "launch/stage.hpp"
#include "launch/trampoline_image.hpp"
#include "net/loopback.hpp"
#include "ns/id_map.hpp"
#include "process/hooks.hpp"
#include "process/rlimits.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"
#include "sys/netdevice.hpp"

namespace caisson::launch {

using ns::Type;

namespace {

constexpr ProcessWords kContainerWords{
    .subject = kFirstProcess,
    .frame = "start the container's first process",
    .step_name = [](std::uint32_t step) { return plan::name_of(static_cast<plan::InitStep>(step)); },
};

// Nobody but its descendants may be able to see a process that stands in the runtime's memory, and it may not be weaker.
// Without hooks, because those run below it, and without mount copies of the runtime's, which it would take over.
ChildMemory memory_for(const plan::Plan& plan) {
  const ns::NamespacePlan& wanted = plan.namespaces;
  const bool alone = wanted.creates(Type::Pid) && !wanted.needs_stage() && !wanted.own(Type::User);
  // EUSERS: a memory that two processes share enters no time namespace.
  const bool bare = plan.hooks.create_container.empty() && !MountIdMaps::needed(plan) && !wanted.joins(Type::Time);
  const bool shared = alone && bare && may_share_memory(plan.process);
  return shared ? ChildMemory::Shared : ChildMemory::Own;
}

// By a socket that was made in it, or where that is forbidden by its name.
sys::UniqueFd current_network(sys::BorrowedFd socket) {
  auto found = sys::network_namespace_of(socket);
  if (found.ok()) return std::move(found).value();
  return sys::open_at(sys::kCwd, "/proc/self/ns/net", O_RDONLY).or_throw("open /proc/self/ns/net");
}

}  // namespace

Launch::Launch(const plan::Plan& plan, LaunchOptions options)
    : LaunchedProcess(kContainerWords, memory_for(plan)), plan_(plan), options_(std::move(options)) {
  opened_.joined = ns::open_joined(plan.namespaces);
  opened_.start_listener = std::move(options_.start_listener);
  opened_.services_page = std::move(options_.services_page);
  open_sources();
  build_trampoline();
}

// A privileged parent opens what the container's ids might not be able to reach, and maps the ids of mounts. In a container of
// the same user namespace the child opens its own: a copy that is never attached costs a grace period when an error drops it.
void Launch::open_sources() {
  const bool child_is_weaker = plan_.namespaces.own(Type::User) && sys::effective_uid() == 0;
  if ((!child_is_weaker && !MountIdMaps::needed(plan_)) || !plan_.own_mount_namespace()) return;
  MountIdMaps::refuse_ordinary_user(plan_);
  // A copy made here is still a peer of the host's mounts; the child's own would be cut off from them already.
  const unsigned long wanted = plan_.root.step.propagation;
  const unsigned long propagation = (wanted & MS_PRIVATE) != 0 ? MS_PRIVATE : MS_SLAVE;
  const auto cut_off = [propagation](const sys::MountFd& copy) {
    sys::set_mount_attributes(copy.borrow(), true, {.propagation = propagation})
        .or_throw("cut a copied mount off from the host");
  };
  MountIdMaps id_maps(plan_, opened_);
  for (const mount::MountStep& step : plan_.mounts) {
    const bool of_host = step.is_bind_of(mount::SourceTree::Host);
    opened_.copies.sources.push_back(of_host ? mount::open_source(step, id_maps.of(step)) : mount::BindSource{});
    if (of_host) cut_off(opened_.copies.sources.back().mount);
  }
  if (plan_.devices.by_bind) opened_.copies.device_nodes = mount::open_host_nodes(plan_.devices);
  for (const sys::MountFd& node : opened_.copies.device_nodes)
    if (node.valid()) cut_off(node);
  if (const auto& view = plan_.root.host_view) {
    if (view->layer.empty()) return;
    opened_.copies.layer = mount::clone_layer(*view);
    return cut_off(opened_.copies.layer);
  }
  opened_.copies.rootfs = mount::clone_root(plan_.root.step);
  cut_off(opened_.copies.rootfs);
}

void Launch::build_trampoline() {
  const plan::ProcessPlan& process = plan_.process;
  TrampolineOrders orders{.channel = channels_.child.borrow().get(),
                          .listener = opened_.start_listener.get(),
                          .preserved = process.preserve_fds,
                          .dies_with_runtime = plan_.end == plan::End::WithRuntime,
                          .init = process.below_init,
                          .services = process.services,
                          .services_page = opened_.services_page.get()};
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
                            .title = process::title_of_hook("startContainer", orders.hooks.size(), hook.path),
                            .args = hook.args.empty() ? std::vector<std::string>{hook.path} : hook.args,
                            .env = hook.env,
                            .timeout_s = static_cast<std::int32_t>(hook.timeout.value_or(0))});
  opened_.trampoline = make_trampoline(orders);
}

// In shared memory: reads the object, beside the runtime, and writes none of it.
void Launch::first_process_main(void* launch) noexcept {
  auto& self = *static_cast<Launch*>(launch);
  self.channels_.parent.close_number();
  InitContext context = first_process(self.plan_, self.opened_, self.channels_.child,
                                      {.begin = self.child_begins_, .groups = self.groups_, .options = self.options_});
  init_main(context);
}

void Launch::clone_child(const cgroup::CgroupGuard& cgroups) {
  const bool held = !plan_.id_maps.empty();
  groups_ = &cgroups;
  child_begins_ = held ? Begin::WhenTold : Begin::AtOnce;
  auto cloned = make_child(plan_.namespaces.created & ns::kMadeByClone, cgroups.v2(), first_process_main, this);
  if (!cloned.ok()) throw_clone_failure(kFirstProcess, cloned.err(), plan_.namespaces.creates(Type::User));
  sys::Cloned child = std::move(cloned).value();
  adopt(child.pid, std::move(child.process));
  if (!held) return;
  ns::write_maps(plan_.id_maps, opened_.proc.borrow(), pid());
  channels_.parent.send(Message::Continue);
}

// The kernel takes a millisecond to make a network namespace: on another core while the child mounts.
void Launch::make_network() {
  const sys::UniqueFd own = current_network(channels_.parent.borrow());
  const std::uint64_t flag = ns::kind_of(Type::Network).flag;
  sys::unshare(flag).or_throw("create a network namespace");
  const sys::UniqueFd inside = sys::make_datagram_socket().or_throw("make a socket in the new network namespace");
  channels_.parent.send_fd(Message::Network, current_network(inside.borrow()).borrow());
  net::bring_loopback_up(inside.borrow());
  sys::set_namespace(own.borrow(), flag).or_throw("return to the own network namespace");
}

// In the order of the list, as the child asks.
void Launch::map_ids_on_demand(LaunchObserver& observer) {
  MountIdMaps id_maps(plan_, opened_);
  for (const mount::MountStep& step : plan_.mounts) {
    if (!MountIdMaps::mapped_on_demand(step)) continue;
    while (hear(observer) != Message::MountIds) {
    }
    if (const auto by = id_maps.of(step)) mount::map_ids(step, mount_of_child_.borrow(), *by);
    mount_of_child_.reset();
    channels_.parent.send(Message::Continue);
  }
}

void Launch::begin(const cgroup::CgroupGuard& cgroups, LaunchObserver& observer) {
  try {
    give_what_it_needs(cgroups, observer);
  } catch (const Error& error) {
    rethrow_or_its_failure(error);
  }
}

void Launch::give_what_it_needs(const cgroup::CgroupGuard& cgroups, LaunchObserver& observer) {
  if (plan_.namespaces.needs_stage())
    run_stage(cgroups);
  else
    clone_child(cgroups);
  if (plan_.network == plan::NetworkMaker::Runtime) make_network();
  process::apply_rlimits(pid(), plan_.process.rlimits);
  observer.process_made(pid());
  map_ids_on_demand(observer);
  if (plan_.has_runtime_hooks()) {
    while (hear(observer) != Message::Hooks) {
    }
    channels_.parent.send(Message::Continue);
  }
  channels_.parent.send(Message::Continue);  // the record is on disk
}

void Launch::run_stage(const cgroup::CgroupGuard& cgroups) {
  const pid_t first =
      make_by_stage({.plan = plan_, .opened = opened_, .channels = channels_, .cgroups = cgroups, .options = options_});
  auto opened = sys::open_pidfd(first);
  // It is not reaped yet, so its pid cannot mean another process.
  if (!opened.ok()) static_cast<void>(sys::send_signal_to_pid(first, SIGKILL));
  adopt(first, std::move(opened).or_throw("open the container's first process"));
}

void Launch::finish(LaunchObserver& observer) {
  for (;;) {
    const auto message = hear(observer);
    if (!message || message == Message::Ready) return;
  }
}

}  // namespace caisson::launch
