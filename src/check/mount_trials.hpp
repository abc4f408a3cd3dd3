// The trials that make file systems and mounts. They run in a child that has a mount namespace of its own.
#pragma once

#include <sys/types.h>

#include <functional>

#include "check/children.hpp"

namespace caisson::check {

// From PrivateMounts on. To be called in the first process of the new pid namespace, with no mount of the host's in reach:
// returns before the first mount when the propagation to the host cannot be cut.
void try_mounts(const SharedAttempts& attempts, bool in_user_namespace);

// Whether the ids of a mount can be mapped (man 2 mount_setattr, MOUNT_ATTR_IDMAP): of a fresh tmpfs, of the mount at "/". Each
// returns an errno and attaches nothing.
int idmap_tmpfs();
int idmap_root();

// A child in a user namespace of its own whose maps the caller writes. It ends with this object.
class MappedChild {
 public:
  MappedChild() = default;
  MappedChild(const MappedChild&) = delete;
  MappedChild& operator=(const MappedChild&) = delete;
  ~MappedChild();
  // The errno of the clone, or of what `write_maps` throws.
  int start(const std::function<void(pid_t)>& write_maps);
  pid_t pid() const noexcept { return child_.pid; }

 private:
  sys::Cloned child_;
  sys::UniqueFd end_;
};

}  // namespace caisson::check
