// One finished mount: everything the child needs, computed and checked before clone. plan_mount is pure; attach.hpp acts.
// A spec mount gives one step, except cgroup on version 1 and hybrid hosts: a tmpfs, a bind per hierarchy, links.
// Refused here (ErrorKind::Spec): data on a bind, "/" as destination, anything below /proc but a fixed list, an id option that
// the user namespace does not map, idmapping without bind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mount/options.hpp"
#include "spec/spec.hpp"

namespace caisson::mount {

enum class CgroupMode : std::uint8_t { None, V1, Hybrid, V2 };

// One version 1 hierarchy as the host has it mounted.
struct CgroupHierarchy {
  std::string name;                  // directory below /sys/fs/cgroup: "cpu,cpuacct", "systemd"
  std::string directory;             // host directory of the container's own cgroup in it
  std::vector<std::string> aliases;  // further names of co-mounted controllers: "cpu", "cpuacct"
};

struct CgroupView {
  CgroupMode mode = CgroupMode::None;
  std::string unified_root;       // host mount point of cgroup2: "/sys/fs/cgroup", hybrid ".../unified"; may be empty
  std::string unified_directory;  // host directory of the container's own cgroup in it; may be empty
  std::vector<CgroupHierarchy> hierarchies;  // V1, Hybrid
};

struct MountContext {
  std::string bundle;           // absolute; relative bind sources start here
  std::string rootfs;           // absolute and clean; empty: the root is no bind of one directory of the host
  bool user_namespace = false;  // the container has one of its own
  bool network_namespace = false;
  bool cgroup_namespace = false;
  std::span<const spec::IdMapping> uid_mappings, gid_mappings;  // of the container; only looked at with a user namespace
  std::string mount_label;                                      // SELinux context for new filesystems; empty: none
  CgroupView cgroup;
};

enum class StepKind : std::uint8_t { NewFilesystem, Bind, Remount };

// Whose tree holds the source of a bind. What lies below the container's root is taken from there, with what earlier mounts of
// the list put on it.
enum class SourceTree : std::uint8_t { Host, Container };

struct MountStep {
  std::size_t index = 0;  // place in config.mounts, for messages
  StepKind kind = StepKind::NewFilesystem;
  std::string destination;  // clean and absolute inside the root
  std::string type;         // as the kernel knows it; "bind" for a bind
  std::string source;       // Bind: absolute path in source_tree; else the word that mountinfo shows
  SourceTree source_tree = SourceTree::Host;
  std::string ignored;          // Bind: options that mean nothing for it
  bool recursive = false;       // Bind: with everything mounted below
  AttributeChange mount, tree;  // see Options; tree is empty for a new filesystem
  AttributeChange filesystem;   // MS_* of the superblock
  std::vector<unsigned long> propagation;
  std::vector<std::string> data;  // options of the filesystem: "size=64k"
  IdMapping idmap = IdMapping::None;
  bool own_id_mappings = false;  // idmap by the mount's own mappings, not by the container's user namespace
  std::vector<spec::IdMapping> uid_mappings, gid_mappings;

  bool copy_up = false;              // tmpfs: copy in what it covers
  bool inherit_mode = false;         // tmpfs: take the mode of an existing target
  std::string label_after;           // SELinux label set on the root of the new filesystem (mqueue knows no context=)
  bool readonly_at_end = false;      // mounted writable now; finish_readonly seals it
  bool real_directory_only = false;  // proc, sysfs: the target must not be a symbolic link
  bool place_is_missing = false;     // on a tmpfs of the list that has nothing there yet: made without looking for it first
  bool procfs_source_only = false;   // a bind on /proc must be the root of a procfs
  bool below_proc_allowed = false;   // the target may lie on a procfs (lxcfs files)
  // Used when the kernel forbids the new filesystem (EPERM, EBUSY): a bind of this host path instead, recursive, and with
  // these attributes on all of it. sysfs without an own network namespace, cgroup2 in a user namespace.
  std::string fallback_bind;
  AttributeChange fallback_attributes;
  // Made inside the new filesystem right after mounting: {link name, target}.
  std::vector<std::pair<std::string, std::string>> links;

  bool is_bind_of(SourceTree whose) const noexcept { return kind == StepKind::Bind && source_tree == whose; }
};

// A list of one. An initializer list would copy the step, and a start has one for each mount.
std::vector<MountStep> alone(MountStep step);

std::vector<MountStep> plan_mount(const spec::Mount& mount, std::size_t index, const MountContext& context);
std::vector<MountStep> plan_mounts(std::span<const spec::Mount> mounts, const MountContext& context);

// One line for people: `tmpfs on /dev (nosuid,strictatime; mode=755)`.
std::string describe(const MountStep& step);

}  // namespace caisson::mount
