// A directory of an image that is no part of its root (image-spec config.md, Volumes): it lies beside the overlay's upper
// directory, filled once with what the image has there, and can be written to below a read-only root, too.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "spec/spec.hpp"
#include "sys/root_dir.hpp"

namespace caisson::mount {

struct ImageVolume {
  std::string path;        // in the root, clean
  std::size_t number = 0;  // among those of the image
};

// Below the stage of a HostView: kVolumes, which must be there, and a directory in it for each.
inline constexpr const char* kVolumes = "volume";
std::string volume_directory(std::size_t number);

// Pure. paths: those of an image. Without the volumes at whose place, or above it, the container has a mount of its own; what
// lies in another stands behind it.
std::vector<ImageVolume> own_volumes(const std::vector<std::string>& paths, const std::vector<spec::Mount>& mounts);

// stage: a directory that the mount namespace can clone mounts of. Throws Error{Spec} for a place that is no directory.
void mount_volume(const ImageVolume& volume, const sys::RootDir& root, sys::BorrowedFd stage);

}  // namespace caisson::mount
