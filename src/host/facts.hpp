// What this kernel and this user can do, probed once at the start of a command and then only read: plans are made from it
// without any system call, and tests make it up. What costs more than a system call or two comes in groups that are probed
// only when a request needs them; a group that was not probed is absent.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cgroup/facts.hpp"

namespace caisson::host {

struct KernelVersion {
  unsigned major = 0, minor = 0;
  auto operator<=>(const KernelVersion&) const = default;
};

// One range of /etc/subuid or /etc/subgid.
struct IdRange {
  std::uint32_t first = 0, count = 0;
  bool operator==(const IdRange&) const = default;
};

// Group Users: what an ordinary user needs for a user namespace.
struct UserNamespaceFacts {
  std::string user_name;  // of euid by /etc/passwd; empty: no entry
  std::vector<IdRange> subordinate_uids, subordinate_gids;
  std::string newuidmap, newgidmap;  // absolute paths; empty: not installed
  // Empty when user namespaces can be made, else one sentence naming the setting that forbids them.
  std::string forbidden_because;
};

enum class RootEntryType : std::uint8_t { Directory, Symlink, Other };
struct RootEntry {
  std::string name;
  RootEntryType type = RootEntryType::Other;
  std::string target;  // of a symlink
};

struct SecurityModules {
  bool apparmor = false, selinux = false;
};

struct HostFacts {
  uid_t euid = 0;
  gid_t egid = 0;
  std::uint64_t effective_capabilities = 0;  // bit n: capability n
  bool initial_user_namespace = true;
  KernelVersion kernel;
  unsigned last_capability = 40;
  cgroup::CgroupFacts cgroup;
  std::string boot_id;
  std::optional<UserNamespaceFacts> users;
  std::optional<std::vector<RootEntry>> root_entries;  // of "/", sorted by name
  std::optional<SecurityModules> security_modules;

  // Cannot rely on privileges over the whole machine: an ordinary user, or root of a user namespace.
  bool rootless() const noexcept { return euid != 0 || !initial_user_namespace; }
};

enum class Group : std::uint8_t { Users = 1, RootEntries = 2, SecurityModules = 4 };
struct Groups {
  std::uint8_t bits = 0;
  constexpr bool has(Group group) const noexcept { return (bits & static_cast<std::uint8_t>(group)) != 0; }
};
constexpr Groups operator|(Groups a, Group b) noexcept {
  return {static_cast<std::uint8_t>(a.bits | static_cast<std::uint8_t>(b))};
}
constexpr Groups operator|(Group a, Group b) noexcept { return Groups{} | a | b; }

HostFacts probe_host(Groups groups = {}, cgroup::OwnPaths own_cgroups = cgroup::OwnPaths::Read);
// What a process plan asks for: the last capability and these groups.
HostFacts probe_for_process(Groups groups);
// Fills the groups that are not there yet.
void probe_groups(HostFacts& facts, Groups groups);

std::string read_boot_id();  // /proc/sys/kernel/random/boot_id; throws Error(Host) when /proc is not there
// "6.1.0-13-amd64" -> 6.1; 0.0 for text that does not start with two numbers.
KernelVersion parse_kernel_release(std::string_view release) noexcept;

}  // namespace caisson::host
