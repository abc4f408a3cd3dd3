// Carries out a MountStep by descriptor: the target is resolved once inside the root and created if missing, binds come from
// detached copies whose attributes were set before anybody could see them, and new filesystems are mounted on the descriptor of
// the target. A source that lies in the container is resolved inside the root, too. Changes the current directory. Errors name
// the mount by its place in the config, its kind and both paths.
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

// For SourceTree::Host: opens the source on the host's tree and sets its attributes while nobody can see it. To be called in
// the parent if that has CAP_SYS_ADMIN over its mount namespace (needed for idmapping and for sources that the container's ids
// cannot reach), else in the child, for every step before the first attach(). idmap: the user namespace for steps with an
// idmapping. An unattached copy costs an RCU grace period when closed: open only what will be attached.
BindSource open_source(const MountStep& step, std::optional<sys::BorrowedFd> idmap = std::nullopt);

// For SourceTree::Container, when the turn of the mount has come; without the id mapping of the step. Links of the image may
// lead neither to the root itself nor into a tree of the kernel, which masks and read-only paths restrict only where it is
// mounted.
BindSource open_source_inside(const MountStep& step, const sys::RootDir& root);
// Needs CAP_SYS_ADMIN in the user namespace that owns the filesystem. mount: not attached yet.
void map_ids(const MountStep& step, sys::BorrowedFd mount, sys::BorrowedFd user_namespace);

// Mounts. source: what was opened for a bind (moved from); an invalid one is opened here, if its ids need no mapping.
// The result is valid only for steps with readonly_at_end: keep it for finish_readonly.
sys::MountFd attach(const MountStep& step, const sys::RootDir& root, BindSource source = {});

// Read-only for good: called after devices, links and console exist.
void finish_readonly(const MountStep& step, const sys::MountFd& mount);

}  // namespace caisson::mount
