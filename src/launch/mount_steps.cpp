#include <fcntl.h>

#include <sys/prctl.h>

#include <cerrno>

#include "base/path_prefix.hpp"
#include "launch/container_steps.hpp"
#include "launch/mount_id_maps.hpp"
#include "mount/made_places.hpp"
#include "mount/masks.hpp"
#include "sys/file.hpp"
#include "sys/netdevice.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

// sysfs shows the network namespace of whoever mounts it, so this has to come before.
void join_network(InitContext& context) {
  if (context.network_joined || context.plan.network != plan::NetworkMaker::Runtime) return;
  auto received = context.process.channel.receive();
  if (!received || received->message != Message::Network || received->fds.empty())
    throw Error(ErrorKind::Kernel, "the runtime ended while it made the network namespace");
  sys::set_namespace(received->fds.front().borrow(), ns::kind_of(ns::Type::Network).flag)
      .or_throw("join the new network namespace");
  context.network_joined = true;
}

mount::BindSource take_source(InitContext& context, std::size_t index) {
  const mount::MountStep& step = context.plan.mounts[index];
  if (!MountIdMaps::mapped_on_demand(step)) return std::move(context.copies.sources[index]);
  join_network(context);  // the runtime may have said that already: what it says next has to be the answer
  mount::BindSource source = mount::open_source_inside(step, context.process.root);
  context.process.channel.send_fd(Message::MountIds, source.mount.borrow());
  context.process.channel.expect(Message::Continue);
  return source;
}

void mount_range(InitContext& context, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const mount::MountStep& step = context.plan.mounts[i];
    if (i == context.plan.network_before_mount) join_network(context);
    sys::MountFd seal_later = mount::attach(step, context.process.root, take_source(context, i));
    if (step.readonly_at_end) context.sealed_at_end.emplace_back(i, std::move(seal_later));
  }
}

// Without a mount namespace of its own a container only changes its root; nothing is mounted.
void change_root_only(InitContext& context) {
  const std::string& rootfs = context.plan.root.step.rootfs;
  context.process.root = sys::RootDir::open_host(rootfs.c_str()).or_throw("root.path: open ", rootfs);
  sys::change_dir(context.process.root.borrow()).or_throw("change to ", rootfs);
  sys::change_root(".").or_throw("change the root to ", rootfs);
}

// Mount ids, and with them the order of mountinfo, follow the list where a source is copied when its turn comes. But a view of
// the host may cover any source, and a copy of what lies around the root would have the container's mounts in it.
bool copied_first(const plan::Plan& plan, const mount::MountStep& step) {
  if (!step.is_bind_of(mount::SourceTree::Host)) return false;
  return plan.root.host_view || text::is_at_or_below(plan.root.step.rootfs, text::clean_path(step.source));
}

}  // namespace

void set_propagation(InitContext& context) {
  if (context.plan.own_mount_namespace()) mount::set_propagation(context.plan.root.step);
}

void attach_root(InitContext& context) {
  if (!context.plan.own_mount_namespace()) return;
  if (context.copies.sources.empty())
    for (const mount::MountStep& step : context.plan.mounts)
      context.copies.sources.push_back(copied_first(context.plan, step) ? mount::open_source(step) : mount::BindSource{});
  if (context.plan.devices.by_bind && context.copies.device_nodes.empty())
    context.copies.device_nodes = mount::open_host_nodes(context.plan.devices);
  if (!context.plan.root.host_view) {
    context.process.root = mount::attach_root(context.plan.root.step, std::move(context.copies.rootfs));
    return;
  }
  mount::HostView view = mount::build_host_view(*context.plan.root.host_view, std::move(context.copies.layer));
  for (const std::string& note : view.notes) context.process.channel.send(Message::Note, note);
  context.stage = std::move(view.stage);
  if (context.plan.root.host_view->keeps_stage) context.process.channel.send_fd(Message::Stage, context.stage.borrow());
  context.process.root = std::move(view.root);
}

void mount_up_to_devices(InitContext& context) { mount_range(context, 0, context.plan.devices_before_mount); }

void mount_past_devices(InitContext& context) {
  mount_range(context, context.plan.devices_before_mount, context.plan.mounts.size());
  join_network(context);
}

void make_devices(InitContext& context) {
  if (!context.plan.own_mount_namespace()) return;
  context.process.null_device =
      mount::make_devices(context.plan.devices, context.process.root, std::move(context.copies.device_nodes));
}

// The runtime of an ordinary user cannot reach it through /proc: this process cannot be looked into. Nothing where it is the
// machine's, over which a container has no rights.
sys::UniqueFd own_network(const InitContext& context) {
  if (!context.plan.awaits_network) return {};
  const auto socket = sys::make_datagram_socket();
  if (!socket.ok()) return {};
  auto network = sys::network_namespace_of(socket.value().borrow());
  return network.ok() ? std::move(network).value() : sys::UniqueFd();
}

void wait_for_runtime_hooks(InitContext& context) {
  if (!context.plan.has_runtime_hooks()) return;
  const Channel& channel = context.process.channel;
  if (const sys::UniqueFd network = own_network(context); network.valid())
    channel.send_fd(Message::Hooks, network.borrow());
  else
    channel.send(Message::Hooks);
  context.process.channel.expect(Message::Continue);
}

void enter_root(InitContext& context) {
  if (!context.plan.own_mount_namespace()) {
    change_root_only(context);
  } else if (context.plan.root.pivot == plan::PivotMode::Pivot) {
    mount::pivot_into(context.plan.root.step, context.process.root);
  } else {
    const std::string mountinfo = context.process.proc.read("self/mountinfo").or_throw("read the mount table");
    mount::move_into(context.plan.root.step, context.process.root, mountinfo);
  }
  // A working directory that the image lacks is made, as engines expect; on a read-only image it may only be missing.
  const std::string& cwd = context.plan.process.cwd;
  const auto there = context.process.root.open_path(cwd);
  if (there.err() == ENOENT)
    static_cast<void>(context.process.root.make_dirs(cwd, 0755).or_throw("process.cwd: make directory ", cwd));
  if (context.stage.valid()) mount::note_made_places(context.stage.borrow());
  context.stage = {};
}

void set_host_names(InitContext& context) {
  if (!context.plan.hostname.empty()) sys::set_host_name(context.plan.hostname).or_throw("set the host name");
  if (!context.plan.domainname.empty()) sys::set_domain_name(context.plan.domainname).or_throw("set the domain name");
}

void set_sysctls(InitContext& context) {
  for (const plan::Sysctl& one : context.plan.sysctls) {
    const std::string path = "sys/" + one.path;
    const sys::SysStatus written = context.process.proc.write(path.c_str(), one.value);
    if (written.ok()) continue;
    Error error(ErrorKind::Kernel, text::join("linux.sysctl: write ", one.value, " to /proc/", path), written.err());
    if (written.err() == ENOENT) error.with_hint("this kernel has no such key in the container's namespaces");
    if (written.err() == EINVAL) error.with_hint("the kernel does not take this value for this key");
    throw std::move(error);
  }
}

void make_paths_readonly(InitContext& context) {
  if (!context.plan.readonly_paths.empty()) mount::make_paths_readonly(context.plan.readonly_paths, context.process.root);
}

void mask_paths(InitContext& context) {
  if (!context.plan.masked_paths.empty()) mount::mask_paths(context.plan.masked_paths, context.process.root);
}

void leave_old_root(InitContext& context) {
  if (!context.plan.own_mount_namespace()) return;
  if (context.plan.root.pivot == plan::PivotMode::Pivot) mount::detach_old_root();
  mount::reapply_propagation(context.plan.root.step);
}

void seal_mounts(InitContext& context) {
  for (const auto& [index, mount] : context.sealed_at_end) mount::finish_readonly(context.plan.mounts[index], mount);
  context.sealed_at_end.clear();
  if (context.plan.root.step.readonly) mount::seal_root(context.process.root);
}

void wait_for_record(InitContext& context) {
  context.process.channel.expect(Message::Continue);
  if (context.plan.end == plan::End::WithRuntime) return;
  // From here on the record on disk leads to this process: it may outlive the runtime.
  sys::process_control(PR_SET_PDEATHSIG, 0).or_throw("stop ending with the runtime");
}

}  // namespace caisson::launch
