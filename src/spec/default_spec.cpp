#include "spec/default_spec.hpp"

namespace caisson::spec {
namespace {

std::vector<Mount> default_mounts(bool rootless) {
  std::vector<std::string> pts{"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"};
  if (!rootless) pts.emplace_back("gid=5");  // the group tty, which a single-id map does not have
  // sysfs belongs to the owner of the network namespace, which is the host's here.
  const Mount sys = rootless ? Mount{"/sys", "none", "/sys", {"rbind", "nosuid", "noexec", "nodev", "ro"}, {}, {}}
                             : Mount{"/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}, {}, {}};
  return {
      {"/proc", "proc", "proc", {}, {}, {}},
      {"/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}, {}, {}},
      {"/dev/pts", "devpts", "devpts", std::move(pts), {}, {}},
      {"/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}, {}, {}},
      {"/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}, {}, {}},
      sys,
      {"/sys/fs/cgroup", "cgroup", "cgroup", {"nosuid", "noexec", "nodev", "relatime", "ro"}, {}, {}},
  };
}

Process default_process() {
  const std::vector<std::string> granted{"CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"};
  Process process;
  process.terminal = true;
  process.args = {"sh"};
  process.env = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"};
  process.cwd = "/";
  process.capabilities = Capabilities{.bounding = granted, .effective = granted, .permitted = granted};
  process.rlimits = {{"RLIMIT_NOFILE", 1024, 1024}};
  process.no_new_privileges = true;
  return process;
}

Linux default_linux() {
  Linux out;
  out.namespaces = {{NamespaceType::Pid, ""}, {NamespaceType::Network, ""}, {NamespaceType::Ipc, ""},
                    {NamespaceType::Uts, ""}, {NamespaceType::Mount, ""},   {NamespaceType::Cgroup, ""}};
  out.resources.emplace().devices = {DeviceRule{.allow = false, .access = "rwm"}};
  out.masked_paths = {
      "/proc/acpi",        "/proc/asound",      "/proc/kcore",   "/proc/keys", "/proc/latency_stats",     "/proc/timer_list",
      "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi", "/sys/devices/virtual/tpm"};
  out.readonly_paths = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
  return out;
}

void make_rootless(Linux& linux_part, const Owner& owner) {
  std::erase_if(linux_part.namespaces, [](const Namespace& ns) { return ns.type == NamespaceType::Network; });
  linux_part.namespaces.push_back({NamespaceType::User, ""});
  linux_part.uid_mappings = {{0, owner.uid, 1}};
  linux_part.gid_mappings = {{0, owner.gid, 1}};
  linux_part.resources.reset();
}

}  // namespace

Spec default_spec(const DefaultSpecOptions& options) {
  Spec spec;
  spec.oci_version = kSpecVersion;
  spec.process = default_process();
  spec.root = Root{"rootfs", true};
  spec.hostname = "caisson";
  spec.mounts = default_mounts(options.rootless.has_value());
  spec.linux_ = default_linux();
  if (options.rootless) make_rootless(*spec.linux_, *options.rootless);
  return spec;
}

}  // namespace caisson::spec
