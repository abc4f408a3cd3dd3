#include <algorithm>

#include "base/path_prefix.hpp"
#include "base/text.hpp"
#include "cgroup/limits.hpp"
#include "host/facts.hpp"
#include "plan/plan.hpp"
#include "spec/sysctl_key.hpp"

namespace caisson::plan {
namespace {

using ns::Type;

constexpr std::uint64_t kSetuidAndSetgid = (1ULL << 6) | (1ULL << 7);  // CAP_SETGID, CAP_SETUID

// What a configuration may ask for and this version cannot do is refused by name, never left out silently.
void refuse_unsupported(const spec::Spec& spec, const spec::Linux& linux_part) {
  const auto refuse = [](const char* path) {
    throw Error(ErrorKind::Host, text::join(path, ": not supported by this version"))
        .with_hint("remove the property, or use a runtime that has it");
  };
  if (!linux_part.net_devices.empty()) refuse("linux.netDevices");
  if (linux_part.intel_rdt) refuse("linux.intelRdt");
  if (!linux_part.mount_label.empty()) refuse("linux.mountLabel");
  if (linux_part.resources) cgroup::refuse_limits(*linux_part.resources);
  if (!spec.process) throw Error(ErrorKind::Spec, "process: is required to create a container");
  if (!spec.root) throw Error(ErrorKind::Spec, "root: is required");
}

void plan_namespaces(Plan& plan, const spec::Linux& linux_part, const host::HostFacts& facts) {
  plan.namespaces = ns::plan_namespaces(linux_part.namespaces, linux_part.time_offsets);
  if (plan.namespaces.creates(Type::User)) {
    if (facts.users && !facts.users->forbidden_because.empty())
      throw Error(ErrorKind::Host, "make a user namespace: not allowed on this machine")
          .with_hint(facts.users->forbidden_because);
    const ns::MapWriter writer{.uid = facts.euid,
                               .gid = facts.egid,
                               .privileged = (facts.effective_capabilities & kSetuidAndSetgid) == kSetuidAndSetgid,
                               .newuidmap = facts.users ? facts.users->newuidmap : "",
                               .newgidmap = facts.users ? facts.users->newgidmap : ""};
    plan.id_maps = ns::plan_id_maps(linux_part.uid_mappings, linux_part.gid_mappings, writer);
  } else if (facts.euid != 0 && !plan.namespaces.joins(Type::User)) {
    throw Error(ErrorKind::Host, "an ordinary user needs a user namespace to make a container")
        .with_hint("add a namespace of type user with id mappings; `caisson-oci spec --rootless` writes such a configuration");
  }
  if (plan.namespaces.creates(Type::Network)) {
    // A stage or a new user namespace has to own the network namespace; then the child makes it.
    const bool same_owner = !plan.namespaces.own(Type::User) && !plan.namespaces.needs_stage();
    plan.network = same_owner ? NetworkMaker::Runtime : NetworkMaker::Child;
  }
}

// What a mount of type cgroup shows: the container's own directory or, where an ordinary user may be denied one, the caller's.
std::string shown_directory(const cgroup::Place& place, const cgroup::CgroupPlan& plan, const cgroup::Hierarchy& hierarchy) {
  if (!plan.ignore_denied) return place.directory();
  return hierarchy.own.empty() || hierarchy.own == "/" ? hierarchy.mount_point : hierarchy.mount_point + hierarchy.own;
}

mount::CgroupView cgroup_view(const cgroup::CgroupPlan& plan, const cgroup::CgroupFacts& facts) {
  mount::CgroupView view;
  switch (facts.mode) {
    case cgroup::Mode::None:
      view.mode = mount::CgroupMode::None;
      break;
    case cgroup::Mode::V1:
      view.mode = mount::CgroupMode::V1;
      break;
    case cgroup::Mode::Hybrid:
      view.mode = mount::CgroupMode::Hybrid;
      break;
    case cgroup::Mode::V2:
      view.mode = mount::CgroupMode::V2;
      break;
  }
  view.unified_root = facts.v2.mount_point;
  if (plan.v2) view.unified_directory = shown_directory(*plan.v2, plan, facts.v2);
  for (const cgroup::Place& place : plan.v1) {
    const auto own = std::ranges::find(facts.v1, place.mount_point, &cgroup::Hierarchy::mount_point);
    const std::size_t slash = place.mount_point.rfind('/');
    mount::CgroupHierarchy hierarchy{
        .name = place.mount_point.substr(slash + 1),
        .directory = own == facts.v1.end() ? place.directory() : shown_directory(place, plan, *own)};
    if (place.controllers.find(',') != std::string::npos)
      for (const std::string_view alias : text::split(place.controllers, ','))
        if (alias != hierarchy.name) hierarchy.aliases.emplace_back(alias);
    view.hierarchies.push_back(std::move(hierarchy));
  }
  return view;
}

// While the runtime makes the network namespace, where nothing from sysfs on has to do with the devices.
std::size_t place_of_devices(const Plan& plan) {
  const std::size_t end = plan.mounts.size();
  if (plan.network != NetworkMaker::Runtime || plan.devices.by_bind) return end;
  for (std::size_t i = plan.network_before_mount; i < end; ++i) {
    const std::string& place = plan.mounts[i].destination;
    const auto covered = [&place](const mount::DeviceNode& node) { return text::is_at_or_below(node.path, place); };
    if (text::is_at_or_below(place, "/dev") || text::is_at_or_below("/dev", place)) return end;
    if (std::ranges::any_of(plan.devices.nodes, covered)) return end;
  }
  return plan.network_before_mount;
}

void plan_filesystems(Plan& plan, const spec::Spec& spec, const spec::Linux& linux_part, const host::HostFacts& facts) {
  // What a user namespace that is joined by path, or that this machine is a part of, maps is not known here; the kernel will
  // say.
  static constexpr spec::IdMapping kAnyId{.container_id = 0, .host_id = 0, .size = 0xffffffff};
  const bool unknown = !plan.namespaces.creates(Type::User) && linux_part.uid_mappings.empty();
  const std::span<const spec::IdMapping> any(&kAnyId, 1);
  const mount::MountContext context{.bundle = plan.bundle,
                                    .rootfs = plan.root.step.rootfs,
                                    .user_namespace = plan.namespaces.own(Type::User) || !facts.initial_user_namespace,
                                    .network_namespace = plan.namespaces.own(Type::Network),
                                    .cgroup_namespace = plan.namespaces.own(Type::Cgroup),
                                    .uid_mappings = unknown ? any : linux_part.uid_mappings,
                                    .gid_mappings = unknown ? any : linux_part.gid_mappings,
                                    .mount_label = linux_part.mount_label,
                                    .cgroup = cgroup_view(plan.cgroup, facts.cgroup)};
  plan.mounts = mount::plan_mounts(spec.mounts, context);
  const auto sysfs = std::ranges::find(plan.mounts, "sysfs", &mount::MountStep::type);
  plan.network_before_mount = static_cast<std::size_t>(sysfs - plan.mounts.begin());
  // /proc/kcore is there on every kernel with CONFIG_PROC_KCORE, which distributions have; a dangling link harms nobody.
  plan.devices =
      mount::plan_devices(linux_part.devices, {.user_namespace = context.user_namespace,
                                               .kcore = true,
                                               .dev_is_bound = mount::binds_dev(spec.mounts),
                                               .dev_is_new = std::ranges::any_of(plan.mounts, [](const mount::MountStep& step) {
                                                 return step.kind == mount::StepKind::NewFilesystem && step.type == "tmpfs" &&
                                                        step.destination == "/dev";
                                               })});
  plan.devices_before_mount = place_of_devices(plan);
  plan.masked_paths = linux_part.masked_paths;
  plan.readonly_paths = linux_part.readonly_paths;
}

void plan_root(Plan& plan, const spec::Spec& spec, const spec::Linux& linux_part, const Request& request) {
  plan.root.step.propagation = mount::propagation_of(linux_part.rootfs_propagation);
  plan.root.step.readonly = spec.root->readonly;
  plan.root.pivot = request.pivot;
  plan.root.host_view = request.host_view;
  const std::string& path = spec.root->path;
  if (!plan.root.host_view)
    plan.root.step.rootfs = text::clean_path(path.starts_with('/') ? path : text::join(plan.bundle, '/', path));
  if (plan.own_mount_namespace()) return;
  const auto needs_mounts = [](const char* what) {
    throw Error(ErrorKind::Spec, text::join(what, ": needs a mount namespace in linux.namespaces"));
  };
  if (!spec.mounts.empty()) needs_mounts("mounts");
  if (spec.root->readonly) needs_mounts("root.readonly");
  if (plan.root.host_view) needs_mounts("a view of the host's root");
}

std::vector<Sysctl> plan_sysctls(const spec::Linux& linux_part) {
  std::vector<Sysctl> sysctls;
  for (const auto& [key, value] : linux_part.sysctl) {
    const auto path = spec::sysctl_path(key);
    if (!path) throw Error(ErrorKind::Spec, text::join("linux.sysctl: ", text::quoted(key), " leads out of /proc/sys"));
    sysctls.push_back({*path, value});
  }
  return sysctls;
}

ProcessContext process_context(const Plan& plan, const spec::Spec& spec, const Request& request) {
  return {.own_cpuset = cgroup::have_cpus_of_their_own(plan.cgroup.places()),
          .own_user_namespace = plan.namespaces.own(Type::User),
          .setgroups_denied = plan.id_maps.method == ns::MapMethod::WriteAndDenySetgroups,
          .keep_groups = keeps_original_groups(spec),
          .below_init = request.payload == PayloadMode::BelowInit,
          .preserve_fds = request.preserve_fds,
          .supported_seccomp_flags = request.supported_seccomp_flags};
}

}  // namespace

Plan make_plan(const spec::Spec& spec, const host::HostFacts& facts, const Request& request) {
  const spec::Linux none;
  const spec::Linux& linux_part = spec.linux_ ? *spec.linux_ : none;
  refuse_unsupported(spec, linux_part);
  Plan plan{.id = request.id, .bundle = request.bundle};
  plan_namespaces(plan, linux_part, facts);
  plan.cgroup = cgroup::plan_cgroup(
      {.cgroups_path = linux_part.cgroups_path,
       .container_id = request.id,
       .driver = request.cgroup_driver,
       .privilege = facts.rootless() ? cgroup::Privilege::Rootless : cgroup::Privilege::Full,
       .device_rules = linux_part.resources ? std::span<const spec::DeviceRule>(linux_part.resources->devices)
                                            : std::span<const spec::DeviceRule>{}},
      facts.cgroup);
  plan_root(plan, spec, linux_part, request);
  plan_filesystems(plan, spec, linux_part, facts);
  plan.hostname = spec.hostname;
  plan.domainname = spec.domainname;
  plan.sysctls = plan_sysctls(linux_part);
  if (request.keyring == KeyringMode::New) plan.session_keyring = request.id;
  plan.end = request.end;
  plan.awaits_network = request.awaits_network;
  plan.hooks = spec.hooks;
  plan.process = plan_process(*spec.process, &linux_part, facts, process_context(plan, spec, request));
  plan.process.services = request.services;
  for (const mount::MountStep& step : plan.mounts)
    if (!step.ignored.empty())
      plan.process.warnings.push_back(
          text::join("mounts[", step.index, "]: ignoring what a bind mount has no use for: ", step.ignored));
  return plan;
}

}  // namespace caisson::plan
