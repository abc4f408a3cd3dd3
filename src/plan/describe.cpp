#include "plan/describe.hpp"

#include "base/text.hpp"
#include "mount/options.hpp"
#include "plan/steps.hpp"

namespace caisson::plan {
namespace {

using ns::Type;

// Collects steps and their details; a step is printed only when it has at least one detail.
class Text {
 public:
  template <class... Parts>
  void heading(const Parts&... parts) {
    heading_ = text::join(parts...);
  }
  template <class... Parts>
  void detail(const Parts&... parts) {
    if (!heading_.empty()) {
      out_ += text::join(++number_, ". ", heading_, "\n");
      heading_.clear();
    }
    out_ += text::join("     ", parts..., "\n");
  }
  void step(InitStep step) { heading("first process: ", name_of(step)); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_, heading_;
  unsigned number_ = 0;
};

void describe_cgroup(Text& out, const cgroup::CgroupPlan& plan) {
  out.heading("runtime: make the cgroup (", cgroup::mode_name(plan.mode), ")");
  for (const cgroup::Place& place : plan.places()) out.detail(place.directory());
  if (!plan.device_program.empty()) out.detail("limit devices by a program of ", plan.device_program.size(), " instructions");
  for (const cgroup::DeviceWrite& write : plan.device_writes)
    out.detail(write.allow ? "devices.allow " : "devices.deny ", write.line);
}

void describe_clone(Text& out, const Plan& plan) {
  const ns::NamespacePlan& namespaces = plan.namespaces;
  if (namespaces.needs_stage()) {
    out.heading("runtime: clone a process that prepares the namespaces");
    for (const ns::Join& join : namespaces.joined)
      if (join.type == Type::User || join.type == Type::Pid) out.detail("join ", ns::kind_of(join.type).oci, " ", join.path);
    if (namespaces.creates(Type::User)) out.detail("new user namespace");
    if (namespaces.creates(Type::Time)) out.detail("new time namespace");
    for (const std::string_view line : text::split(text::trim(namespaces.time_offsets), '\n')) out.detail("offset ", line);
  }
  out.heading("runtime: clone the first process");
  out.detail(plan.cgroup.v2 ? "into the cgroup" : "in the cgroup of the runtime");
  if (namespaces.creates(Type::Pid)) out.detail("new pid namespace");
  if (namespaces.creates(Type::User) && !namespaces.needs_stage()) out.detail("new user namespace");
  out.heading("runtime: write the id maps");
  for (const spec::IdMapping& line : plan.id_maps.uids)
    out.detail("users  ", line.container_id, " -> ", line.host_id, ", ", line.size, " ids");
  for (const spec::IdMapping& line : plan.id_maps.gids)
    out.detail("groups ", line.container_id, " -> ", line.host_id, ", ", line.size, " ids");
  if (plan.id_maps.method == ns::MapMethod::Programs)
    out.detail("through ", plan.id_maps.newuidmap, " and ", plan.id_maps.newgidmap);
  if (plan.id_maps.method == ns::MapMethod::WriteAndDenySetgroups) out.detail("setgroups denied");
  out.heading("runtime: make the network namespace meanwhile");
  if (plan.network == NetworkMaker::Runtime) out.detail("loopback up");
  out.heading("runtime: set resource limits");
  for (const process::RlimitAction& limit : plan.process.rlimits)
    out.detail(process::rlimit_name(limit.number), " soft ", limit.limit.rlim_cur, " hard ", limit.limit.rlim_max);
}

void describe_namespaces(Text& out, const Plan& plan) {
  out.step(InitStep::JoinNamespaces);
  for (const ns::Join& join : plan.namespaces.joined)
    if (join.type != Type::User && join.type != Type::Pid) out.detail(ns::kind_of(join.type).oci, " ", join.path);
  out.step(InitStep::CreateNamespaces);
  for (const ns::Kind& kind : ns::kKinds) {
    if (!plan.namespaces.creates(kind.type) || kind.type == Type::User || kind.type == Type::Pid || kind.type == Type::Time)
      continue;
    if (kind.type == Type::Network && plan.network == NetworkMaker::Runtime) continue;
    out.detail(kind.oci, ": ", kind.isolates);
  }
  out.step(InitStep::SessionKeyring);
  if (!plan.session_keyring.empty()) out.detail("_ses.", plan.session_keyring);
}

void describe_mounts(Text& out, const Plan& plan, std::size_t begin, std::size_t end) {
  if (begin == end) return;
  out.step(InitStep::MountFilesystems);
  for (std::size_t i = begin; i < end; ++i) {
    if (i == plan.network_before_mount && plan.network == NetworkMaker::Runtime) out.detail("(join the new network namespace)");
    out.detail(mount::describe(plan.mounts[i]));
  }
}

void describe_root(Text& out, const Plan& plan) {
  if (!plan.own_mount_namespace()) return;
  out.step(InitStep::SetPropagation);
  out.detail(mount::propagation_name(plan.root.step.propagation), " on /");
  out.step(InitStep::AttachRoot);
  if (plan.root.host_view && plan.root.host_view->kind == mount::HostViewKind::ImageLayers) {
    out.detail("copy-on-write view of the layers of an image, on a tmpfs at ", plan.root.host_view->staging);
    for (const std::string& layer : plan.root.host_view->layers) out.detail(layer);
    for (const mount::ImageVolume& volume : plan.root.host_view->volumes) out.detail("volume ", volume.path);
  } else if (plan.root.host_view) {
    out.detail("copy-on-write view of the host's root, on a tmpfs at ", plan.root.host_view->staging);
    for (const mount::HostViewEntry& entry : plan.root.host_view->entries) out.detail(entry.path);
  } else {
    out.detail(plan.root.step.rootfs);
  }
  describe_mounts(out, plan, 0, plan.devices_before_mount);
  out.step(InitStep::MakeDevices);
  for (const mount::DeviceNode& node : plan.devices.nodes) out.detail(node.path, plan.devices.by_bind ? " (bind)" : "");
  for (const auto& [name, target] : plan.devices.links) out.detail("/dev/", name, " -> ", target);
}

std::string names(std::uint64_t capabilities) {
  const std::string all = text::join_with(security::capability_names(capabilities), " ");
  return all.empty() ? std::string("none") : all;
}

void describe_bounding(Text& out, const ProcessPlan& plan) {
  out.step(InitStep::LimitCapabilities);
  out.detail("bounding    ", names(plan.capabilities ? plan.capabilities->bounding : 0));
}

void describe_hooks(Text& out, std::string_view heading, const std::vector<spec::Hook>& hooks) {
  out.heading(heading);
  for (const spec::Hook& hook : hooks) out.detail(hook.path);
}

void describe_inside(Text& out, const Plan& plan) {
  out.step(InitStep::EnterRoot);
  out.detail(!plan.own_mount_namespace()                   ? "chroot"
             : plan.root.pivot == PivotMode::MoveAndChroot ? "move over / and chroot"
                                                           : "pivot_root");
  out.step(InitStep::AttachConsole);
  if (plan.process.terminal) out.detail("a terminal of the container's own devpts");
  out.step(InitStep::SetHostNames);
  if (!plan.hostname.empty()) out.detail("host name ", plan.hostname);
  if (!plan.domainname.empty()) out.detail("domain name ", plan.domainname);
  out.step(InitStep::SetSysctls);
  for (const Sysctl& one : plan.sysctls) out.detail(one.path, " = ", one.value);
  out.step(InitStep::MakePathsReadonly);
  for (const std::string& path : plan.readonly_paths) out.detail(path);
  out.step(InitStep::MaskPaths);
  for (const std::string& path : plan.masked_paths) out.detail(path);
  out.step(InitStep::SealMounts);
  if (plan.root.step.readonly) out.detail("/ read-only");
  for (const mount::MountStep& step : plan.mounts)
    if (step.readonly_at_end) out.detail(step.destination, " read-only");
}

void describe_process(Text& out, const ProcessPlan& plan) {
  out.step(InitStep::FilterEarly);
  if (plan.filters_early()) out.detail(plan.filter->instructions.size(), " instructions");
  out.step(InitStep::SwitchUser);
  out.detail("user ", plan.uid, ", group ", plan.gid);
  for (const gid_t group : plan.groups) out.detail("supplementary group ", group);
  out.detail("working directory ", plan.cwd);
  out.step(InitStep::SetCapabilities);
  const security::CapabilityPlan capabilities = plan.capabilities.value_or(security::CapabilityPlan{});
  out.detail("permitted   ", names(capabilities.permitted));
  out.detail("effective   ", names(capabilities.effective));
  out.detail("inheritable ", names(capabilities.inheritable));
  out.detail("ambient     ", names(capabilities.ambient));
  out.step(InitStep::ForbidNewPrivileges);
  if (plan.no_new_privileges) out.detail("no_new_privs");
}

void describe_services(Text& out, const ServicesPlan& services) {
  out.heading("trampoline: stay as PID 1, run services as its children");
  for (const ServicePlan& one : services.all) {
    out.detail(one.name, ": ", text::join_with(one.args, " "));
    for (const std::uint32_t place : one.after) out.detail("  after ", services.all[place].name);
  }
}

}  // namespace

std::string describe(const Plan& plan) {
  Text out;
  describe_cgroup(out, plan.cgroup);
  describe_clone(out, plan);
  describe_namespaces(out, plan);
  describe_root(out, plan);
  if (plan.limits_capabilities_early()) describe_bounding(out, plan.process);
  if (plan.own_mount_namespace()) describe_mounts(out, plan, plan.devices_before_mount, plan.mounts.size());
  describe_hooks(out, "runtime: run prestart hooks", plan.hooks.prestart);
  describe_hooks(out, "runtime: run createRuntime hooks", plan.hooks.create_runtime);
  describe_hooks(out, "first process: run createContainer hooks", plan.hooks.create_container);
  if (!plan.limits_capabilities_early()) describe_bounding(out, plan.process);
  describe_inside(out, plan);
  describe_process(out, plan.process);
  describe_hooks(out, "trampoline: run startContainer hooks", plan.hooks.start_container);
  out.heading("trampoline: load the seccomp filter");
  if (plan.process.filter && !plan.process.filters_early())
    out.detail(plan.process.filter->instructions.size(), " instructions");
  if (!plan.process.services.empty()) {
    describe_services(out, plan.process.services);
    describe_hooks(out, "runtime: run poststart hooks", plan.hooks.poststart);
    return out.take();
  }
  out.heading(plan.process.below_init ? "trampoline: stay as PID 1, run the payload as its child"
                                      : "trampoline: execute the payload");
  out.detail(text::join_with(plan.process.args, " "));
  describe_hooks(out, "runtime: run poststart hooks", plan.hooks.poststart);
  return out.take();
}

}  // namespace caisson::plan
