// What `caisson check` measured on this machine, as plain values: who asks, which settings there are, what each trial gave.
// Verdict and advice are made from it without another look, so tests make up machines that nobody has at hand.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cgroup/facts.hpp"
#include "host/facts.hpp"
#include "host/user_namespaces.hpp"
#include "ns/kinds.hpp"

namespace caisson::check {

// One try: it worked, failed with an errno, was ended by a signal (a seccomp filter), or could not be tried since something
// before it failed.
struct Attempt {
  static constexpr int kNotTried = -1;
  int error = kNotTried;
  int signal = 0;
  constexpr bool works() const noexcept { return error == 0 && signal == 0; }
  constexpr bool failed() const noexcept { return error > 0 || signal != 0; }
};

// What the children try, in this order. Those from PrivateMounts on change mounts, which happens only in a new mount namespace.
enum class Trial : std::uint8_t {
  BecomeOrdinary,  // root takes an ordinary user's place: what is forbidden to those is not forbidden to root
  UserNamespace,
  MapIds,  // its own id, by itself
  Mount,
  Ipc,
  Uts,
  Net,
  Cgroup,
  Time,
  IdmapTmpfs,
  IdmapRoot,  // a copy of the mount at "/"
  Pid,
  PrivateMounts,
  NewFilesystem,  // fsopen, fsconfig, fsmount
  AttachMount,    // move_mount
  CloneTree,      // open_tree
  MountAttributes,
  Overlay,
  Proc,
  Sysfs,
  BinfmtMisc,
};
inline constexpr std::size_t kTrialCount = static_cast<std::size_t>(Trial::BinfmtMisc) + 1;
constexpr Trial trial_of(ns::Type type) {
  constexpr std::array kTrials{Trial::UserNamespace, Trial::Pid,   Trial::Ipc,    Trial::Uts,
                               Trial::Net,           Trial::Mount, Trial::Cgroup, Trial::Time};
  return kTrials[static_cast<std::size_t>(type)];
}

struct Attempts {
  std::array<Attempt, kTrialCount> all{};
  Attempt& operator[](Trial trial) noexcept { return all[static_cast<std::size_t>(trial)]; }
  const Attempt& operator[](Trial trial) const noexcept { return all[static_cast<std::size_t>(trial)]; }
};

struct Trials {
  Attempts alone;         // with the caller's own rights
  Attempts in_user;       // inside a user namespace that an ordinary user made
  uid_t in_user_uid = 0;  // who that was
  unsigned nesting = 0;   // user namespaces that fit into each other below this one
  Attempt nesting_end;    // why no further one
  Attempt clone_into_cgroup;
  Attempt seccomp_filter, seccomp_listener;
  Attempt device_program;  // of cgroup v2; root only
  Attempt map_ranges;      // subordinate ids by newuidmap and newgidmap; ordinary users only
};

// Calls that need no child.
struct Calls {
  Attempt clone3, close_range, openat2, fsopen, statmount, listns;
  Attempt pidfd_open, pidfd_send_signal, pidfd_getfd, pidfd_info, pidfd_namespace;
  Attempt namespace_id, namespace_handle;
  Attempt landlock;
  unsigned landlock_version = 0;
  Attempt tun;  // open /dev/net/tun
};

enum class Family : std::uint8_t { Other, Debian, Ubuntu, Fedora, Rhel, Arch, Alpine, Suse };
struct Distribution {
  Family family = Family::Other;
  std::string name;  // PRETTY_NAME
};

// The container that this program runs in itself, as far as it can be seen.
enum class Outer : std::uint8_t { None, Docker, Podman, Kubernetes, Lxc, Other };

struct Caller {
  uid_t uid = 0;
  std::string name;                // by /etc/passwd; empty: no entry
  std::uint64_t capabilities = 0;  // effective
  bool initial_user_namespace = true;
  bool no_new_privileges = false;
  bool seccomp_filtered = false;
  bool chrooted = false;            // as far as it can be seen
  std::uint64_t locked_memory = 0;  // RLIMIT_MEMLOCK, soft; all bits: no limit

  bool has(unsigned capability) const noexcept { return (capabilities >> capability & 1) != 0; }
  // Root of the machine, not of a user namespace.
  bool real_root() const noexcept { return uid == 0 && initial_user_namespace; }
};

// /proc/sys/user/max_KIND_namespaces; absent: the kernel has no such file.
struct NamespaceLimit {
  std::optional<std::uint64_t> most;
  std::size_t seen = 0;  // different ones of the processes that the caller may look at
};

struct MapProgram {
  std::string path;          // empty: not installed
  bool set_user_id = false;  // owned by root with the setuid bit
  bool capability = false;   // has file capabilities
  std::string nosuid_mount;  // the mount that it is on, if that takes both away; else empty
};

struct Subordinates {
  std::vector<host::IdRange> uids, gids;
  MapProgram newuidmap, newgidmap;
  std::vector<std::string> people;   // who has ranges in /etc/subuid; for root
  std::uint32_t next_free = 100000;  // where the next range of 65536 can begin
};

struct Cgroups {
  cgroup::CgroupFacts facts;
  std::string problem;                         // why the facts could not be read; empty: they could
  std::string controllers;                     // v2: what may be turned on below `directory`
  std::string directory;                       // v2: where containers would be made for this user
  int access = 0;                              // errno of writing there
  std::vector<std::string> writable, refused;  // v1: hierarchies
};

struct Security {
  std::string modules;  // /sys/kernel/security/lsm
  bool apparmor = false, selinux = false, selinux_enforcing = false;
};

struct Measured {
  Caller caller;
  Distribution distribution;
  Outer outer = Outer::None;
  std::string release;  // of the kernel
  host::KernelVersion kernel;
  bool procfs = true;                     // /proc is one
  std::vector<std::string> proc_covered;  // mounts below /proc that hide parts of it
  std::vector<std::string> sys_covered;   // the same for /sys
  host::UserNamespaceSwitches switches;
  std::array<NamespaceLimit, ns::kKinds.size()> limits;  // by ns::Type
  Subordinates subordinates;
  Cgroups cgroups;
  Security security;
  Trials trials;
  Calls calls;
  std::string binfmt;                                      // where it is mounted; empty: nowhere
  std::vector<std::pair<std::string, std::string>> tools;  // name, path; empty path: not found
  std::string config;  // text of the kernel's configuration; empty: unknown, or nothing failed
};

}  // namespace caisson::check
