// Carries out a MountStep by descriptor: the target is resolved once inside the root and created if missing, binds come from
// detached copies whose attributes were set before anybody could see them, and new filesystems are mounted on the descriptor of
// the target. Changes the current directory. Errors name the mount by its place in the config, its kind and both paths.
#pragma once

#include <optional>

#include "mount/mount_step.hpp"
#include "sys/fd.hpp"
#include "sys/root_dir.hpp"

namespace caisson::mount {

// A detached copy of a bind's source.
struct BindSource {
  sys::MountFd mount;
  bool is_directory = false;
  bool valid() const noexcept { return mount.valid(); }
};

// Opens the source on the host's tree and sets its attributes while nobody can see it. To be called in the parent if that has
// CAP_SYS_ADMIN over its mount namespace (needed for idmapping and for sources that the container's ids cannot reach), else in
// the child, for every step before the first attach(). idmap: the user namespace for steps with an idmapping.
// An unattached copy costs an RCU grace period when closed: open only what will be attached.
BindSource open_source(const MountStep& step, std::optional<sys::BorrowedFd> idmap = std::nullopt);

// Mounts. source: what open_source gave for a bind (moved from); an invalid one is opened here, from the host's tree.
// The result is valid only for steps with readonly_at_end: keep it for finish_readonly.
sys::MountFd attach(const MountStep& step, const sys::RootDir& root, BindSource source = {});

// Read-only for good: called after devices, links and console exist.
void finish_readonly(const MountStep& step, const sys::MountFd& mount);

}  // namespace caisson::mount
