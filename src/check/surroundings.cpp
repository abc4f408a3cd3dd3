#include "check/surroundings.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "mount/mountinfo.hpp"
#include "sys/file.hpp"

namespace caisson::check {
namespace {

std::string unquoted(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  return std::string(value);
}

Family family_of(std::string_view id) {
  static constexpr std::pair<std::string_view, Family> kFamilies[] = {
      {"debian", Family::Debian},    {"ubuntu", Family::Ubuntu},
      {"fedora", Family::Fedora},    {"rhel", Family::Rhel},
      {"centos", Family::Rhel},      {"rocky", Family::Rhel},
      {"almalinux", Family::Rhel},   {"ol", Family::Rhel},
      {"arch", Family::Arch},        {"manjaro", Family::Arch},
      {"alpine", Family::Alpine},    {"suse", Family::Suse},
      {"opensuse", Family::Suse},    {"opensuse-leap", Family::Suse},
      {"sles", Family::Suse},        {"opensuse-tumbleweed", Family::Suse},
      {"linuxmint", Family::Ubuntu}, {"pop", Family::Ubuntu},
  };
  for (const auto& [name, family] : kFamilies)
    if (name == id) return family;
  return Family::Other;
}

bool exists(const char* path) { return sys::status_at(sys::kCwd, path).ok(); }
std::string small_file(const char* path) { return sys::read_file(sys::kCwd, path, std::size_t{1} << 20).value_or({}); }

// What a host has below /proc and /sys by itself.
constexpr std::string_view kOwnTypes[] = {"proc",      "sysfs",   "cgroup", "cgroup2",  "securityfs", "debugfs",     "tracefs",
                                          "configfs",  "fusectl", "pstore", "efivarfs", "bpf",        "binfmt_misc", "autofs",
                                          "selinuxfs", "nfsd",    "mqueue", "smackfs",  "resctrl",    "fuse.lxcfs"};

bool hides(const mount::MountInfo& mount, std::string_view directory) {
  if (!mount.mount_point.starts_with(directory) || mount.mount_point.size() <= directory.size() ||
      mount.mount_point[directory.size()] != '/')
    return false;
  if (directory == "/sys" && mount.mount_point.starts_with("/sys/fs/cgroup")) return false;  // version 1 has a tmpfs there
  if (std::ranges::find(kOwnTypes, mount.type) == std::end(kOwnTypes)) return true;
  // A bind mount of a part of proc over itself, to make it read-only, also makes the rest count as hidden.
  return (mount.type == "proc" || mount.type == "sysfs") && mount.root != "/";
}

}  // namespace

Distribution parse_os_release(std::string_view text) {
  Distribution found;
  std::string id, like;
  for (const std::string_view line : text::split(text, '\n')) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = text::trim(line.substr(0, equals));
    const std::string value = unquoted(text::trim(line.substr(equals + 1)));
    if (key == "ID") id = value;
    if (key == "ID_LIKE") like = value;
    if (key == "PRETTY_NAME") found.name = value;
  }
  found.family = family_of(id);
  for (const std::string_view word : text::split(like, ' '))
    if (found.family == Family::Other) found.family = family_of(word);
  if (found.name.empty()) found.name = id;
  return found;
}

Outer outer_of(const OuterSigns& signs) {
  if (signs.initial_namespaces) return Outer::None;
  const auto says = [&](std::string_view word) {
    return signs.manager == word || signs.own_cgroups.find(text::join('/', word)) != std::string::npos;
  };
  if (signs.kubernetes_secrets || says("kubepods")) return Outer::Kubernetes;
  if (signs.containerenv || signs.manager == "podman" || says("libpod")) return Outer::Podman;
  if (signs.dockerenv || says("docker")) return Outer::Docker;
  if (signs.manager.starts_with("lxc") || says("lxc")) return Outer::Lxc;
  return signs.manager.empty() ? Outer::None : Outer::Other;
}

std::string_view outer_name(Outer outer) noexcept {
  static constexpr std::string_view kNames[] = {"", "docker", "podman", "kubernetes", "lxc", "other"};
  return kNames[static_cast<std::size_t>(outer)];
}

std::vector<std::string> covers_of(std::string_view mountinfo, std::string_view directory) {
  std::vector<std::string> covers;
  for (const mount::MountInfo& mount : mount::parse_mountinfo(mountinfo))
    if (hides(mount, directory) && std::ranges::find(covers, mount.mount_point) == covers.end())
      covers.push_back(mount.mount_point);
  return covers;
}

std::string nosuid_mount_of(std::string_view mountinfo, std::string_view path) {
  const auto mounts = mount::parse_mountinfo(mountinfo);
  const mount::MountInfo* above = nullptr;
  for (const mount::MountInfo& mount : mounts) {
    const bool holds = mount.mount_point == "/" || path == mount.mount_point ||
                       (path.starts_with(mount.mount_point) && path.substr(mount.mount_point.size()).starts_with('/'));
    // A later one of the same place covers an earlier one.
    if (holds && (above == nullptr || mount.mount_point.size() >= above->mount_point.size())) above = &mount;
  }
  if (above == nullptr) return {};
  const auto options = text::split(above->options, ',');
  return std::ranges::find(options, std::string_view("nosuid")) == options.end() ? std::string() : above->mount_point;
}

bool chrooted_by(std::string_view mountinfo) {
  const auto mounts = mount::parse_mountinfo(mountinfo);
  return std::ranges::none_of(mounts, [](const mount::MountInfo& mount) { return mount.mount_point == "/"; });
}

std::string config_value(std::string_view config, std::string_view option) {
  const std::string set = text::join(option, '='), unset = text::join("# ", option, " is not set");
  for (const std::string_view line : text::split(config, '\n')) {
    if (line.starts_with(set)) return std::string(line.substr(set.size()));
    if (line == unset) return "n";
  }
  return {};
}

Distribution read_distribution() {
  const std::string text = small_file("/etc/os-release");
  return parse_os_release(text.empty() ? small_file("/usr/lib/os-release") : text);
}

Outer read_outer() {
  // PROC_IPC_INIT_INO, PROC_UTS_INIT_INO and PROC_PID_INIT_INO, the same on every kernel.
  static constexpr std::pair<const char*, std::string_view> kInitial[] = {{"/proc/self/ns/ipc", "ipc:[4026531839]"},
                                                                          {"/proc/self/ns/uts", "uts:[4026531838]"},
                                                                          {"/proc/self/ns/pid", "pid:[4026531836]"}};
  const bool initial = std::ranges::all_of(
      kInitial, [](const auto& one) { return sys::read_link(sys::kCwd, one.first).value_or({}) == one.second; });
  OuterSigns signs{.initial_namespaces = initial,
                   .dockerenv = exists("/.dockerenv"),
                   .containerenv = exists("/run/.containerenv"),
                   .kubernetes_secrets = exists("/run/secrets/kubernetes.io"),
                   .manager = std::string(text::trim(small_file("/run/host/container-manager"))),
                   .own_cgroups = small_file("/proc/self/cgroup")};
  if (const char* named = std::getenv("container"); signs.manager.empty() && named != nullptr) signs.manager = named;
  return outer_of(signs);
}

Security read_security() {
  Security found;
  found.modules = std::string(text::trim(small_file("/sys/kernel/security/lsm")));
  found.apparmor = small_file("/sys/module/apparmor/parameters/enabled").starts_with('Y');
  const std::string enforce = small_file("/sys/fs/selinux/enforce");
  found.selinux = !enforce.empty();
  found.selinux_enforcing = enforce.starts_with('1');
  return found;
}

}  // namespace caisson::check
