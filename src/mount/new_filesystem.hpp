// A new filesystem on a directory that is held by descriptor. mount(2) on "." of that directory is the cheap way (one call
// instead of five); the descriptors of fsopen(2) are used where something has to be done before or after the mount is visible,
// and after a failure, because only they carry the filesystem's own words. Both change the current directory.
#pragma once

#include <span>
#include <string>

#include "mount/mount_step.hpp"
#include "sys/fd.hpp"

namespace caisson::mount {

// data: the step's own with what the target added. The result is valid if the step wants something done to the mount later.
sys::MountFd mount_new_filesystem(const MountStep& step, std::span<const std::string> data, sys::BorrowedFd target);
void remount_filesystem(const MountStep& step, sys::BorrowedFd target);

}  // namespace caisson::mount
