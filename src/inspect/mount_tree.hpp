// Mounts drawn as a tree, and who else is in their peer groups. Group numbers are the machine's: the same number in two mount
// namespaces is the same group. Pure, but for what reads other mount namespaces. man 7 mount_namespaces.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "inspect/machine.hpp"
#include "mount/mountinfo.hpp"

namespace caisson::inspect {

// One mount of a peer group, somewhere on the machine.
struct GroupMember {
  std::uint64_t mount_namespace = 0;  // inode
  pid_t pid = 0;                      // the oldest process in it that could be asked
  std::string command;
  std::string mount_point;  // as that process sees it
};

struct PeerGroups {
  std::map<std::uint64_t, std::vector<GroupMember>> members;
  std::size_t unreadable = 0;  // mount namespaces whose mounts the caller may not read
  std::size_t empty = 0;       // and those without a process that could be asked
};

// The groups of every mount namespace of the machine.
PeerGroups read_peer_groups(const Machine& machine);
// Adds the shared mounts of one namespace; pure.
void add_members(const std::vector<mount::MountInfo>& mounts, const GroupMember& where, PeerGroups& groups);

// In words, for people: "private", "shared:5", "slave of 3 (master:3)"...
struct MountNode {
  std::size_t index = 0;  // in the list of mounts
  std::size_t depth = 0;  // 0: a root
  std::string branch;     // "", "├─", "│ └─"
};
// Every mount once, parents before their children, in the order of the list; also when parents go in a circle.
std::vector<MountNode> tree_of(const std::vector<mount::MountInfo>& mounts);

// Lines "BRANCH POINT  TYPE  SOURCE  OPTIONS  PROPAGATION", columns aligned.
std::string draw_mounts(const std::vector<mount::MountInfo>& mounts);
// For each group that the mounts are in or receive from: who else is in it. own: inode of their mount namespace. Empty without
// any.
std::string describe_groups(const std::vector<mount::MountInfo>& mounts, std::uint64_t own, const PeerGroups& groups);

}  // namespace caisson::inspect
