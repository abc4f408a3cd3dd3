// Masked and read-only paths of the config. A masked file becomes the null device, verified to be 1:3 (CVE-2025-31133); a
// masked directory one empty read-only tmpfs that all of them share; what does not exist is skipped. Read-only paths are
// recursive binds of themselves that keep nosuid, nodev and noexec. Applied when all mounts are complete.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "sys/root_dir.hpp"

namespace caisson::mount {

// null_device: an O_PATH descriptor or mount in this mount namespace; without one, /dev/null of the root, verified.
void mask_paths(std::span<const std::string> paths, const sys::RootDir& root,
                std::optional<sys::BorrowedFd> null_device = std::nullopt);
void make_paths_readonly(std::span<const std::string> paths, const sys::RootDir& root);

}  // namespace caisson::mount
