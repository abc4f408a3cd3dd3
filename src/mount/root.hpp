// The way of a container's root from a host directory to "/": propagation, a mount of its own, pivot_root or move and chroot,
// and the old root's end. Each function is one step, so that the launch decides about the order. man 2 pivot_root.
#pragma once

#include <string>
#include <string_view>

#include "sys/fd.hpp"
#include "sys/root_dir.hpp"

namespace caisson::mount {

struct RootStep {
  std::string rootfs;             // absolute host path of a directory, no symbolic link in the last component
  unsigned long propagation = 0;  // MS_SLAVE|MS_REC and the like, from propagation_of()
  bool readonly = false;          // seal_root() at the end
};

// rootfsPropagation of the config; an empty text gives MS_SLAVE|MS_REC. Plain "private" and "slave" become recursive: without
// that, unmounting the old root would reach the host's own mounts. Throws ErrorKind::Spec for an unknown word.
unsigned long propagation_of(std::string_view rootfs_propagation);

// Sets the propagation of every mount of this namespace (recursive as planned).
void set_propagation(const RootStep& step);
// A copy of the tree at rootfs, mounted on rootfs itself; the result is the root of that copy. prepared: a detached copy
// made by clone_root (consumed), else it is made here.
sys::RootDir attach_root(const RootStep& step, sys::MountFd prepared = {});
// A detached copy, for a parent whose child cannot reach the directory. Never drop it: closing costs an RCU grace period.
sys::MountFd clone_root(const RootStep& step);

// Makes root the root of the mount namespace; the old root lies on top of it until detach_old_root. Current directory: root.
// A shared old root is made a slave here, so that its end does not unmount anything on the host.
void pivot_into(const RootStep& step, const sys::RootDir& root);
// Lets the old root go; current directory "/". One RCU grace period: call it late.
void detach_old_root();
// --no-pivot, for an initramfs: unmounts what shows procfs and sysfs of the host, moves root over "/" and changes root to it.
// mountinfo: text of /proc/self/mountinfo of this process.
void move_into(const RootStep& step, const sys::RootDir& root, std::string_view mountinfo);
// "shared" and "unbindable" roots: applied again once the root is "/".
void reapply_propagation(const RootStep& step);
void seal_root(const sys::RootDir& root);

}  // namespace caisson::mount
