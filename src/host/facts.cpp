#include "host/facts.hpp"

#include <dirent.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/user_namespaces.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::host {
namespace {

constexpr unsigned kKnownLastCapability = 40;  // CAP_CHECKPOINT_RESTORE, 5.9
constexpr unsigned kLargestCapability = 63;

bool kernel_knows(unsigned capability) { return sys::process_control_value(PR_CAPBSET_READ, capability).ok(); }

// Two calls on every kernel from 5.9 to today; /proc/sys/kernel/cap_last_cap would cost an open, a read and a close.
unsigned probe_last_capability() {
  unsigned last = kKnownLastCapability;
  while (last > 0 && !kernel_knows(last)) --last;
  while (last < kLargestCapability && kernel_knows(last + 1)) ++last;
  return last;
}

std::vector<RootEntry> read_root_entries() {
  const sys::UniqueFd root = sys::open_at(sys::kCwd, "/", O_RDONLY | O_DIRECTORY).or_throw("open /");
  std::vector<RootEntry> entries;
  for (const sys::DirEntry& entry : sys::list_dir(root.borrow()).or_throw("list /")) {
    const auto status = sys::status_at(root.borrow(), entry.name.c_str());
    if (!status.ok()) continue;  // gone, or a mount that nobody may look at: it cannot be shown inside either
    RootEntry found{entry.name, RootEntryType::Other, {}};
    if (status.value().is_dir()) found.type = RootEntryType::Directory;
    if (status.value().is_link()) {
      found.type = RootEntryType::Symlink;
      found.target = sys::read_link(root.borrow(), entry.name.c_str()).or_throw("read link /", entry.name);
    }
    entries.push_back(std::move(found));
  }
  std::ranges::sort(entries, {}, &RootEntry::name);
  return entries;
}

SecurityModules probe_security_modules() {
  const std::string apparmor = sys::read_file(sys::kCwd, "/sys/module/apparmor/parameters/enabled").value_or({});
  return {.apparmor = apparmor.starts_with('Y'), .selinux = sys::status_at(sys::kCwd, "/sys/fs/selinux/enforce").ok()};
}

}  // namespace

HostFacts probe_host(Groups groups, cgroup::OwnPaths own_cgroups) {
  HostFacts facts;
  facts.euid = sys::effective_uid();
  facts.egid = sys::effective_gid();
  facts.effective_capabilities = sys::get_capabilities().or_throw("read the capabilities of this process").effective;
  const auto pidfd = sys::open_pidfd(sys::process_id());
  const sys::Pidfd* const self = pidfd.ok() ? &pidfd.value() : nullptr;
  facts.initial_user_namespace = is_in_initial_user_namespace(self).or_throw("read /proc/self/ns/user");
  facts.kernel = parse_kernel_release(sys::host_name().or_throw("read the kernel release").release);
  facts.last_capability = probe_last_capability();
  facts.cgroup = cgroup::probe_cgroups(own_cgroups, self);
  facts.boot_id = read_boot_id();
  probe_groups(facts, groups);
  return facts;
}

HostFacts probe_for_process(Groups groups) {
  HostFacts facts;
  facts.effective_capabilities = sys::get_capabilities().or_throw("read the capabilities of this process").effective;
  facts.last_capability = probe_last_capability();
  probe_groups(facts, groups);
  return facts;
}

void probe_groups(HostFacts& facts, Groups groups) {
  const bool privileged = (facts.effective_capabilities >> CAP_SYS_ADMIN & 1) != 0;
  if (groups.has(Group::Users) && !facts.users) facts.users = probe_user_namespaces(facts.euid, privileged);
  if (groups.has(Group::RootEntries) && !facts.root_entries) facts.root_entries = read_root_entries();
  if (groups.has(Group::SecurityModules) && !facts.security_modules) facts.security_modules = probe_security_modules();
}

std::string read_boot_id() {
  auto id = sys::read_file(sys::kCwd, "/proc/sys/kernel/random/boot_id");
  if (!id.ok())
    throw Error(ErrorKind::Host, "read /proc/sys/kernel/random/boot_id", id.err()).with_hint("/proc must be mounted");
  return std::string(text::trim(id.value()));
}

KernelVersion parse_kernel_release(std::string_view release) noexcept {
  KernelVersion version;
  const char* const end = release.data() + release.size();
  const auto major = std::from_chars(release.data(), end, version.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return {};
  if (std::from_chars(major.ptr + 1, end, version.minor).ec != std::errc()) return {};
  return version;
}

}  // namespace caisson::host
