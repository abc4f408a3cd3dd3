#include "request/make_spec.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "ns/kinds.hpp"
#include "process/rlimits.hpp"
#include "process/user.hpp"
#include "request/id_maps.hpp"
#include "request/parse.hpp"
#include "security/capabilities.hpp"
#include "spec/default_spec.hpp"
#include "spec/read_config.hpp"

namespace caisson::request {
namespace {

using spec::NamespaceType;

constexpr std::string_view kPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool shares(const RunWish& wish, NamespaceType type) {
  if (type == NamespaceType::Network && wish.network == NetworkWish::Host) return true;
  return std::ranges::find(wish.shared, type) != wish.shared.end();
}

const spec::Namespace* joined(const RunWish& wish, NamespaceType type) {
  const auto found = std::ranges::find(wish.joined, type, &spec::Namespace::type);
  return found == wish.joined.end() ? nullptr : &*found;
}

void check_joined(const RunWish& wish) {
  const bool own_users = !shares(wish, NamespaceType::User) && joined(wish, NamespaceType::User) == nullptr;
  for (const spec::Namespace& one : wish.joined) {
    const std::string option = text::join("--ns ", ns::kind_of(one.type).proc);
    if (one.type == NamespaceType::Mount)
      throw Error(ErrorKind::Usage, text::join(option, ": a container makes mounts of its own"))
          .with_hint("caisson nsenter enters a mount namespace that exists");
    if (shares(wish, one.type))
      throw Error(ErrorKind::Usage, text::join(option, ": the host's is kept by --share or --net host"));
    if (one.type != NamespaceType::User && own_users)
      throw Error(ErrorKind::Usage, text::join(option, ": a container with a user namespace of its own has no rights over it"))
          .with_hint("join the user namespace that owns it, too (--ns user=...); as root, --share user does without one");
  }
  if (joined(wish, NamespaceType::User) != nullptr && (!wish.uid_maps.empty() || !wish.gid_maps.empty()))
    throw Error(ErrorKind::Usage, "--uidmap, --gidmap: a user namespace that is joined has its maps");
  if (joined(wish, NamespaceType::Time) != nullptr && !wish.time_offset.empty())
    throw Error(ErrorKind::Usage, "--time-offset: a time namespace that is joined has its offsets");
  if (joined(wish, NamespaceType::Uts) != nullptr && !wish.hostname.empty())
    throw Error(ErrorKind::Usage, "--hostname: would rename others, since --ns uts joins their namespace");
}

void set_namespaces(spec::Linux& linux_part, const RunWish& wish, const host::HostFacts& facts) {
  check_joined(wish);
  if (shares(wish, NamespaceType::Mount))
    throw Error(ErrorKind::Usage, "--share mnt: a container without a mount namespace would change the host's mounts");
  if (shares(wish, NamespaceType::User) && facts.euid != 0)
    throw Error(ErrorKind::Usage, "--share user: an ordinary user needs a user namespace to make a container");
  if (shares(wish, NamespaceType::User) && (!wish.uid_maps.empty() || !wish.gid_maps.empty()))
    throw Error(ErrorKind::Usage, "--uidmap, --gidmap: need a user namespace, which --share user leaves out");
  linux_part.namespaces.clear();
  for (const auto type : {NamespaceType::User, NamespaceType::Pid, NamespaceType::Ipc, NamespaceType::Uts,
                          NamespaceType::Network, NamespaceType::Mount, NamespaceType::Cgroup, NamespaceType::Time})
    if (const spec::Namespace* existing = joined(wish, type); existing != nullptr)
      linux_part.namespaces.push_back(*existing);
    else if (!shares(wish, type))
      linux_part.namespaces.push_back({.type = type});
  if (!wish.time_offset.empty()) {
    if (shares(wish, NamespaceType::Time))
      throw Error(ErrorKind::Usage, "--time-offset: needs a time namespace, which --share time leaves out");
    linux_part.time_offsets = parse_time_offset(wish.time_offset);
  }
  linux_part.uid_mappings.clear();
  linux_part.gid_mappings.clear();
  if (shares(wish, NamespaceType::User) || joined(wish, NamespaceType::User) != nullptr) return;
  const IdMaps maps = choose_id_maps(wish, facts);
  linux_part.uid_mappings = maps.uids;
  linux_part.gid_mappings = maps.gids;
}

bool maps_group(const spec::Linux& linux_part, std::uint32_t gid) {
  if (linux_part.gid_mappings.empty()) return true;
  return std::ranges::any_of(linux_part.gid_mappings, [gid](const spec::IdMapping& line) {
    return gid >= line.container_id && gid - line.container_id < line.size;
  });
}

// POSIX queues can only be mounted by the user namespace that owns them: what the host has mounted is shown, if it has.
void show_host_queues(spec::Spec& spec, const Surroundings& around) {
  const auto queues = std::ranges::find(spec.mounts, "mqueue", &spec::Mount::type);
  if (queues == spec.mounts.end()) return;
  if (around.host_shows_queues)
    *queues = {.destination = "/dev/mqueue", .type = "bind", .source = "/dev/mqueue", .options = {"rbind", "rslave"}};
  else
    spec.mounts.erase(queues);
}

void set_mounts(spec::Spec& spec, const RunWish& wish, const Surroundings& around) {
  for (spec::Mount& mount : spec.mounts) {
    // The terminal group of distributions has no number where only one group is mapped, or what is mapped is not known.
    const bool has_group = maps_group(*spec.linux_, 5) && joined(wish, NamespaceType::User) == nullptr;
    if (mount.type == "devpts" && !has_group) std::erase(mount.options, "gid=5");
    // procfs shows the pid namespace that it was mounted for; without an own one only the host's can be shown.
    if (mount.type == "proc" && shares(wish, NamespaceType::Pid))
      mount = {.destination = "/proc",
               .type = "bind",
               .source = "/proc",
               .options = {"rbind", "rslave", "nosuid", "nodev", "noexec"}};
    if (mount.type == "sysfs" && shares(wish, NamespaceType::Network) && !shares(wish, NamespaceType::User))
      mount = {.destination = "/sys",
               .type = "bind",
               .source = "/sys",
               .options = {"rbind", "rslave", "nosuid", "nodev", "noexec", "rro"}};
  }
  if (shares(wish, NamespaceType::Ipc) && !shares(wish, NamespaceType::User)) show_host_queues(spec, around);
  for (const std::string& tmpfs : wish.tmpfs) spec.mounts.push_back(parse_tmpfs(tmpfs));
  for (const std::string& volume : wish.volumes) spec.mounts.push_back(parse_volume(volume, around.directory));
}

// NAME=VALUE in place of what the variable was.
void set_variable(spec::Process& process, const std::string& entry) {
  const std::string start = entry.substr(0, entry.find('=') + 1);
  std::erase_if(process.env, [&](const std::string& one) { return one.starts_with(start); });
  process.env.push_back(entry);
}

void set_environment(spec::Process& process, const RunWish& wish, const Surroundings& around) {
  process.env = {std::string(kPath), "container=caisson"};
  if (wish.terminal) {
    const auto term = around.environment.find("TERM");
    process.env.push_back("TERM=" + (term == around.environment.end() ? std::string("xterm") : term->second));
  }
  if (wish.image)
    for (const std::string& entry : wish.image->env)
      if (const std::size_t equals = entry.find('='); equals != std::string::npos && equals > 0) set_variable(process, entry);
  for (const std::string& wanted : wish.env) {
    const std::size_t equals = wanted.find('=');
    if (equals == 0 || wanted.empty())
      throw Error(ErrorKind::Usage, text::join("--env: ", text::quoted(wanted), " has no name"));
    const std::string name = wanted.substr(0, equals);
    std::erase_if(process.env, [&](const std::string& entry) { return entry.starts_with(name + "="); });
    if (equals != std::string::npos) {
      process.env.push_back(wanted);
    } else if (const auto own = around.environment.find(name); own != around.environment.end()) {
      process.env.push_back(name + "=" + own->second);
    }
  }
}

void set_capabilities(spec::Process& process, const RunWish& wish) {
  std::uint64_t mask = security::kDockerCapabilities;
  const std::uint64_t added = security::capability_mask_of_user(wish.cap_add, "--cap-add");
  const std::uint64_t dropped = security::capability_mask_of_user(wish.cap_drop, "--cap-drop");
  // `--cap-drop ALL --cap-add X` leaves X: what is added counts last.
  mask = (mask & ~dropped) | added;
  const std::vector<std::string> names = security::capability_names(mask);
  process.capabilities = spec::Capabilities{.bounding = names, .effective = names, .permitted = names};
}

void set_process(spec::Spec& spec, const RunWish& wish, const Surroundings& around) {
  spec::Process& process = *spec.process;
  process.terminal = wish.terminal;
  process.console_size = wish.window;
  process.args = wish.command.empty() ? std::vector<std::string>{around.shell} : wish.command;
  process.cwd = !wish.workdir.empty() ? wish.workdir : wish.image ? wish.image->workdir : "/";
  if (!process.cwd.starts_with('/')) throw Error(ErrorKind::Usage, "--workdir: must be an absolute path");
  process.user = {};
  if (const std::string wanted = wish.user.empty() && wish.image ? wish.image->user : wish.user; !wanted.empty()) {
    const process::ResolvedUser user = process::resolve_user(wanted, around.passwd, around.group);
    process.user = {.uid = user.uid, .gid = user.gid};
    if (maps_group(*spec.linux_, 1))
      process.user.additional_gids = around.groups_stay ? user.additional_gids : process::groups_with_primary(user);
  }
  set_environment(process, wish, around);
  set_capabilities(process, wish);
  process.rlimits.clear();
  for (const std::string& limit : wish.ulimits) process.rlimits.push_back(process::parse_rlimit(limit));
  process.no_new_privileges = true;
}

void set_security(spec::Spec& spec, const RunWish& wish, const Surroundings& around) {
  for (const std::string& option : wish.security_opts) {
    if (option == "no-new-privileges" || option == "no-new-privileges=true") spec.process->no_new_privileges = true;
    if (option == "no-new-privileges=false") spec.process->no_new_privileges = false;
    if (option.starts_with("apparmor=")) spec.process->apparmor_profile = option.substr(9);
    if (option.starts_with("label=")) spec.process->selinux_label = option.substr(6);
    if (option == "unmask=all") {
      spec.linux_->masked_paths.clear();
      spec.linux_->readonly_paths.clear();
    }
  }
  if (!around.seccomp_profile.empty()) spec.linux_->seccomp = spec::read_seccomp(around.seccomp_profile);
}

}  // namespace

std::string seccomp_file(const RunWish& wish) {
  std::string file;
  for (const std::string& option : wish.security_opts) {
    const bool known = option == "no-new-privileges" || option == "no-new-privileges=true" ||
                       option == "no-new-privileges=false" || option.starts_with("apparmor=") || option.starts_with("label=") ||
                       option == "unmask=all" || option.starts_with("seccomp=");
    if (!known)
      throw Error(ErrorKind::Usage, text::join("--security-opt: unknown option ", text::quoted(option)))
          .with_hint(
              "known are no-new-privileges[=false], seccomp=FILE, seccomp=unconfined, apparmor=PROFILE, label=LABEL, "
              "unmask=all");
    if (option.starts_with("seccomp=")) file = option.substr(8);
  }
  return file == "unconfined" ? std::string() : file;
}

spec::Spec make_spec(const RunWish& wish, const host::HostFacts& facts, const Surroundings& around) {
  spec::Spec spec = spec::default_spec();
  spec.root = spec::Root{.path = wish.rootfs.empty() ? "/" : wish.rootfs, .readonly = wish.read_only};
  set_namespaces(*spec.linux_, wish, facts);
  spec.hostname.clear();
  const bool own_name = !shares(wish, NamespaceType::Uts) && joined(wish, NamespaceType::Uts) == nullptr;
  if (own_name) spec.hostname = wish.hostname.empty() ? kUsualHostName : wish.hostname;
  if (shares(wish, NamespaceType::Uts) && !wish.hostname.empty())
    throw Error(ErrorKind::Usage,
                "--hostname: would rename the host, since --share uts leaves the container without a namespace for it");
  // Where image-spec puts it when an image becomes a configuration.
  if (wish.image && !wish.image->stop_signal.empty())
    spec.annotations["org.opencontainers.image.stopSignal"] = wish.image->stop_signal;
  if (wish.image && !wish.image->name.empty()) spec.annotations[kImageName] = wish.image->name;
  if (around.groups_stay) spec.annotations["run.oci.keep_original_groups"] = "1";
  spec.linux_->cgroups_path.clear();
  set_mounts(spec, wish, around);
  set_process(spec, wish, around);
  set_security(spec, wish, around);
  return spec;
}

}  // namespace caisson::request
