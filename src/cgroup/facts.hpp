// What cgroup hierarchies this machine has, where they are mounted and where this process stands in each (man 7 cgroups).
// Plain data, so that a plan can be made and tested for any machine. Probing is cheap where the layout is the usual one:
// one statfs(2) of /sys/fs/cgroup for pure v2; /proc/self/mountinfo is parsed only when the layout is an odd one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sys/process.hpp"

namespace caisson::cgroup {

enum class Mode : std::uint8_t {
  None,    // no cgroup filesystem is mounted
  V1,      // one hierarchy per controller
  Hybrid,  // v1 controllers and a v2 hierarchy beside them (usually /sys/fs/cgroup/unified)
  V2,      // one unified hierarchy
};
std::string_view mode_name(Mode mode) noexcept;  // "none", "v1", "hybrid", "v2"

// One mounted hierarchy. Paths never end in a slash, except "/" itself.
struct Hierarchy {
  std::string mount_point;  // "/sys/fs/cgroup/cpu,cpuacct"
  std::string controllers;  // as in /proc/self/cgroup: "cpu,cpuacct", "name=systemd"; empty for v2
  std::string own;          // cgroup of this process below mount_point: "/", "/user.slice"; empty: not read
};

struct CgroupFacts {
  Mode mode = Mode::None;
  Hierarchy v2;               // mount_point empty without v2
  std::vector<Hierarchy> v1;  // in the order of /proc/self/cgroup
};

enum class OwnPaths : std::uint8_t { Skip, Read };  // Skip saves a read on pure v2 when cgroupsPath is absolute

// self: of this process, if it is open; it spares a read where the own cgroup is the root of what is mounted (6.13).
CgroupFacts probe_cgroups(OwnPaths own = OwnPaths::Read, const sys::Pidfd* self = nullptr);

// The parts of the probe that read text; pure.
struct OwnCgroup {
  std::string controllers, path;
};
std::vector<OwnCgroup> parse_own_cgroups(std::string_view proc_self_cgroup);
struct CgroupMount {
  std::string mount_point, root, controllers;  // controllers empty: v2
  bool v2 = false;
};
std::vector<CgroupMount> parse_cgroup_mounts(std::string_view mountinfo);
// Facts from both texts; a mount whose root is below the hierarchy's own (a container without cgroup namespace) is taken off
// the own paths.
CgroupFacts combine_cgroups(const std::vector<OwnCgroup>& own, const std::vector<CgroupMount>& mounts);

}  // namespace caisson::cgroup
