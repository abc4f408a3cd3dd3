#include "mount/mount_step.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.hpp"
#include "base/path_prefix.hpp"
#include "base/text.hpp"
#include "mount/cgroup_mounts.hpp"

namespace caisson::mount {
namespace {

// Files that lxcfs and the like lay over procfs; nothing else may lie on it (CVE-2019-16884).
constexpr std::array<std::string_view, 10> kAllowedBelowProc = {"/proc/cpuinfo",
                                                                "/proc/diskstats",
                                                                "/proc/meminfo",
                                                                "/proc/stat",
                                                                "/proc/swaps",
                                                                "/proc/uptime",
                                                                "/proc/loadavg",
                                                                "/proc/slabinfo",
                                                                "/proc/sys/kernel/ns_last_pid",
                                                                "/proc/sys/crypto/fips_enabled"};

[[noreturn]] void refuse(std::size_t index, std::string_view what) {
  throw Error(ErrorKind::Spec, text::join("mounts[", index, "]: ", what));
}

bool has_data(const MountStep& step, std::string_view key) {
  return std::ranges::any_of(step.data, [key](const std::string& item) { return std::string_view(item).starts_with(key); });
}

void plan_proc_rules(MountStep& step) {
  const std::string_view destination = step.destination;
  if (destination == "/proc") {
    step.procfs_source_only = step.kind == StepKind::Bind;
    if (step.kind == StepKind::NewFilesystem && step.type != "proc")
      refuse(step.index, text::join("only procfs may be mounted on /proc, not ", step.type));
    return;
  }
  if (!destination.starts_with("/proc/")) return;
  const bool known = std::ranges::find(kAllowedBelowProc, destination) != kAllowedBelowProc.end();
  if (!known || step.kind != StepKind::Bind)
    refuse(step.index, text::join(destination, " cannot be mounted because it is inside /proc"));
  step.below_proc_allowed = true;
}

bool is_mapped(std::uint32_t id, std::span<const spec::IdMapping> mappings) {
  return std::ranges::any_of(
      mappings, [id](const spec::IdMapping& map) { return id >= map.container_id && id - map.container_id < map.size; });
}

void check_mapped_ids(const MountStep& step, const MountContext& context) {
  for (const std::string_view item : step.data) {
    const bool user = item.starts_with("uid=");
    if (!user && !item.starts_with("gid=")) continue;
    const auto id = text::parse_number<std::uint32_t>(item.substr(4));
    if (!id) refuse(step.index, text::join("option ", text::quoted(item), " needs a number"));
    if (!is_mapped(*id, user ? context.uid_mappings : context.gid_mappings))
      throw Error(ErrorKind::Spec, text::join("mounts[", step.index, "]: option ", item, " of ", step.destination,
                                              " names an id that the user namespace does not map"))
          .with_hint(text::join("map ", item, " or remove the option"));
  }
}

void plan_id_mappings(const spec::Mount& mount, const Options& options, const MountContext& context, MountStep& step) {
  const bool own = !mount.uid_mappings.empty() || !mount.gid_mappings.empty();
  if (mount.uid_mappings.empty() != mount.gid_mappings.empty())
    refuse(step.index, "uidMappings and gidMappings must be given together");
  step.idmap = own && options.idmap == IdMapping::None ? IdMapping::Mount : options.idmap;
  if (step.idmap == IdMapping::None) return;
  if (step.kind != StepKind::Bind) refuse(step.index, "only bind mounts can have id mappings");
  if (!own && !context.user_namespace) refuse(step.index, "an idmap needs uidMappings and gidMappings or a user namespace");
  step.own_id_mappings = own;
  step.uid_mappings = mount.uid_mappings;
  step.gid_mappings = mount.gid_mappings;
}

// Lexically: what the links of the image make of it is decided inside the root.
std::optional<std::string> path_in_container(std::string_view source, std::string_view rootfs) {
  if (rootfs.empty() || rootfs == "/") return std::nullopt;  // "/" holds every path of the host
  const std::string clean = text::clean_path(source);
  if (!text::is_at_or_below(clean, rootfs)) return std::nullopt;
  return clean == rootfs ? "/" : clean.substr(rootfs.size());
}

void plan_bind(const spec::Mount& mount, const Options& options, const MountContext& context, MountStep& step) {
  // What has a value was meant for a filesystem: other runtimes leave it out, and configurations have it. A word may be a
  // mistyped flag, whose loss could matter.
  for (const std::string& option : options.data)
    if (option.find('=') == std::string::npos)
      refuse(step.index, text::join("bind mounts take no filesystem options: ", text::quoted(option)));
  step.ignored = text::join_with(options.data, ", ");
  if (options.copy_up) refuse(step.index, "tmpcopyup is for tmpfs, not for a bind");
  if (mount.source.empty()) refuse(step.index, text::join("bind on ", step.destination, " has no source"));
  step.type = "bind";
  step.recursive = options.recursive_bind;
  step.source = mount.source.front() == '/' ? mount.source : text::join(context.bundle, "/", mount.source);
  if (auto inside = path_in_container(step.source, context.rootfs)) {
    step.source = std::move(*inside);
    step.source_tree = SourceTree::Container;
  }
}

void plan_label(const MountContext& context, MountStep& step) {
  if (context.mount_label.empty() || step.type == "proc" || step.type == "sysfs" || step.type == "cgroup2") return;
  if (step.type == "mqueue") {
    step.label_after = context.mount_label;
  } else if (!has_data(step, "context=")) {
    step.data.push_back(text::join("context=\"", context.mount_label, "\""));
  }
}

void plan_filesystem(const spec::Mount& mount, const Options& options, const MountContext& context, MountStep& step) {
  if (mount.type.empty()) refuse(step.index, text::join("mount on ", step.destination, " has neither a type nor bind"));
  step.type = mount.type;
  step.source = mount.source.empty() ? mount.type : mount.source;
  step.data = options.data;
  // A new filesystem has nothing below it: what is asked for the tree holds for it.
  step.mount = {.set = (step.mount.set & ~step.tree.clear) | step.tree.set, .clear = step.mount.clear | step.tree.clear};
  step.tree = {};
  if (context.user_namespace) check_mapped_ids(step, context);
  if (options.copy_up && mount.type != "tmpfs") refuse(step.index, text::join("tmpcopyup is for tmpfs, not for ", mount.type));
  step.copy_up = options.copy_up;
  step.inherit_mode = mount.type == "tmpfs" && !has_data(step, "mode=");
  step.real_directory_only = mount.type == "proc" || mount.type == "sysfs";
  if (mount.type == "sysfs" && context.user_namespace && !context.network_namespace) {
    using namespace sys::abi;
    step.fallback_bind = "/sys";
    step.fallback_attributes.set = kMountAttrRdonly | kMountAttrNosuid | kMountAttrNodev | kMountAttrNoexec;
  }
  plan_label(context, step);
}

// What has to be written into first: devices and links go to /dev, cgroup links to its tmpfs.
void delay_readonly(MountStep& step) {
  if ((step.mount.set & sys::abi::kMountAttrRdonly) == 0 || step.kind == StepKind::Remount) return;
  if (step.type != "tmpfs" && step.destination != "/dev") return;
  step.mount.set &= ~sys::abi::kMountAttrRdonly;
  step.readonly_at_end = true;
}

bool wants_cgroups(const MountStep& step, const spec::Mount& mount, const MountContext& context) {
  if (step.kind != StepKind::NewFilesystem) return false;
  return mount.type == "cgroup" || (mount.type == "cgroup2" && !context.cgroup.unified_root.empty());
}

// Nothing has been made at this place, or on the way to it, in the innermost mount around it, an empty tmpfs.
bool is_missing(const std::string& place, std::span<const MountStep> before) {
  const auto around = [&place](const MountStep& step) { return text::is_at_or_below(place, step.destination); };
  const auto inner = std::find_if(before.rbegin(), before.rend(), around);
  if (inner == before.rend() || inner->kind != StepKind::NewFilesystem || inner->type != "tmpfs") return false;
  if (inner->copy_up || !inner->links.empty() || inner->destination == "/" || inner->destination == place) return false;
  const std::string_view first = std::string_view(place).substr(0, place.find('/', inner->destination.size() + 1));
  const auto makes_it = [first](const MountStep& step) { return text::is_at_or_below(step.destination, first); };
  return std::none_of(before.rbegin(), inner, makes_it);
}

}  // namespace

std::vector<MountStep> alone(MountStep step) {
  std::vector<MountStep> steps;
  steps.push_back(std::move(step));
  return steps;
}

std::vector<MountStep> plan_mount(const spec::Mount& mount, std::size_t index, const MountContext& context) {
  Options options = parse_options(mount.options);
  options.bind = options.bind || mount.type == "bind";
  MountStep step;
  step.index = index;
  step.destination = text::clean_path(text::join("/", mount.destination));
  step.kind = options.remount ? StepKind::Remount : options.bind ? StepKind::Bind : StepKind::NewFilesystem;
  step.mount = options.mount;
  step.tree = options.tree;
  step.filesystem = options.filesystem;
  step.propagation = options.propagation;
  if (mount.destination.empty()) refuse(index, "mount has no destination");
  if (mount.destination.find('\0') != std::string::npos) refuse(index, "destination contains a NUL character");
  if (step.destination == "/") refuse(index, "destination is the root itself: use root.path");
  if (step.kind == StepKind::Remount) {
    step.type = options.bind ? "bind" : mount.type;
    step.source = mount.source;
    step.data = options.data;
    return alone(std::move(step));
  }
  plan_id_mappings(mount, options, context, step);
  if (wants_cgroups(step, mount, context)) {
    if (!options.data.empty())
      refuse(index, text::join("cgroup mounts take no further options: ", text::quoted(options.data.front())));
    return plan_cgroup_mount(std::move(step), mount.type, context);
  }
  if (step.kind == StepKind::Bind) {
    plan_bind(mount, options, context, step);
  } else {
    plan_filesystem(mount, options, context, step);
  }
  plan_proc_rules(step);
  delay_readonly(step);
  return alone(std::move(step));
}

std::vector<MountStep> plan_mounts(std::span<const spec::Mount> mounts, const MountContext& context) {
  std::vector<MountStep> steps;
  steps.reserve(mounts.size());
  for (std::size_t index = 0; index < mounts.size(); ++index)
    for (MountStep& step : plan_mount(mounts[index], index, context)) {
      step.place_is_missing = !step.real_directory_only && is_missing(step.destination, steps);
      steps.push_back(std::move(step));
    }
  return steps;
}

std::string describe(const MountStep& step) {
  Options options;
  options.mount = step.mount;
  if (step.readonly_at_end) options.mount.set |= sys::abi::kMountAttrRdonly;
  options.tree = step.tree;
  options.filesystem = step.filesystem;
  options.propagation = step.propagation;
  options.copy_up = step.copy_up;
  options.idmap = step.idmap;
  options.data = step.data;
  const std::string words = mount::describe(options);
  std::string_view verb = step.recursive ? "rbind of " : "bind of ";
  if (step.kind == StepKind::NewFilesystem) verb = "";
  if (step.kind == StepKind::Remount) verb = "remount ";
  const std::string& what = step.kind == StepKind::Bind ? step.source : step.type;
  const std::string_view where = step.is_bind_of(SourceTree::Container) ? " inside the root" : "";
  return text::join(verb, what, where, " on ", step.destination, words.empty() ? "" : " (", words, words.empty() ? "" : ")");
}

}  // namespace caisson::mount
