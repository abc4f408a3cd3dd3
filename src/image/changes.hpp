// What is different in the upper directory of an overlay: files added, changed, deleted. As overlayfs writes it: a device 0:0
// hides a file of below, an attribute makes a directory opaque.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sys/file.hpp"

namespace caisson::image {

enum class ChangeKind : char { Added = 'A', Changed = 'C', Deleted = 'D' };
struct Change {
  ChangeKind kind;
  std::string path;  // absolute, as the container sees it
  bool operator==(const Change&) const = default;
};

struct ChangesOf {
  std::string prefix;            // where the overlay is mounted: "" for the root, "/usr"
  const char* opaque_attribute;  // trusted.overlay.opaque or user.overlay.opaque
  // What the layers below have at the path as the container sees it.
  std::function<std::optional<sys::Status>(const std::string& path)> below;
  // Paths that whoever made the container has put there: mount points and what they are in, fresh directories.
  std::function<bool(const std::string& path)> is_made;
};
// Sorted by path, a directory before what is in it. A directory is named when something in it is, or its owner or mode changed.
std::vector<Change> changes(sys::BorrowedFd upper, const ChangesOf& what);

}  // namespace caisson::image
