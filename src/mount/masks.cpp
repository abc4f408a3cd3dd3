#include "mount/masks.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "sys/mount.hpp"

namespace caisson::mount {
namespace {

// The null device of the root, held and checked by descriptor: an image may put anything there.
sys::UniqueFd open_null(const sys::RootDir& root) {
  auto null = root.open_path("/dev/null").or_throw("open /dev/null of the container to mask paths with it");
  const sys::Status status = sys::status_of_fd(null.borrow()).or_throw("examine /dev/null of the container");
  if (status.is_char() && status.rdev == sys::device_number(1, 3)) return null;
  throw Error(ErrorKind::Spec, "/dev/null of the container is not the null device: refusing to mask paths with it")
      .with_hint("mount a tmpfs on /dev, as default configs do");
}

class Masks {
 public:
  Masks(const sys::RootDir& root, std::optional<sys::BorrowedFd> null_device) : root_(root), null_(null_device) {}

  void mask(const std::string& path) {
    const auto target = root_.open_path(path);
    if (target.err() == ENOENT || target.err() == ENOTDIR) return;
    if (!target.ok()) throw Error(ErrorKind::Kernel, text::join("open ", path, " to mask it"), target.err());
    const sys::Status status = sys::status_of_fd(target.value().borrow()).or_throw("examine ", path, " to mask it");
    const sys::MountFd cover = status.is_dir() ? empty_directory(path) : null_device(path);
    sys::attach_mount(cover, target.value().borrow()).or_throw("mask ", path);
  }

 private:
  sys::MountFd null_device(const std::string& path) {
    if (!null_) {
      own_null_ = open_null(root_);
      null_ = own_null_.borrow();
    }
    return sys::clone_tree(*null_, "", false).or_throw("copy the null device to mask ", path);
  }

  // The first one is made, further ones are copies: one superblock to end instead of many.
  sys::MountFd empty_directory(const std::string& path) {
    if (empty_.valid()) return sys::clone_tree(empty_.borrow(), "", false).or_throw("copy the empty directory to mask ", path);
    const auto context = sys::fs_open("tmpfs").or_throw("make an empty directory to mask ", path);
    const sys::BorrowedFd fd = context.borrow();
    sys::fs_set(fd, "source", "tmpfs").or_throw("set the source of the empty directory");
    sys::fs_set(fd, "nr_inodes", "1").or_throw("limit the empty directory");
    sys::fs_set(fd, "mode", "0555").or_throw("set the mode of the empty directory");
    sys::fs_set(fd, "ro", nullptr).or_throw("make the empty directory read-only");
    sys::fs_create(fd).or_throw("make an empty directory to mask ", path);
    using namespace sys::abi;
    sys::MountFd first = sys::fs_mount(fd, kMountAttrRdonly | kMountAttrNosuid | kMountAttrNodev | kMountAttrNoexec)
                             .or_throw("make an empty directory to mask ", path);
    empty_.fd = sys::duplicate(first.borrow()).or_throw("keep the empty directory");
    return first;
  }

  const sys::RootDir& root_;
  std::optional<sys::BorrowedFd> null_;
  sys::UniqueFd own_null_;
  sys::MountFd empty_;
};

}  // namespace

void mask_paths(std::span<const std::string> paths, const sys::RootDir& root, std::optional<sys::BorrowedFd> null_device) {
  Masks masks(root, null_device);
  for (const std::string& path : paths) masks.mask(path);
}

void make_paths_readonly(std::span<const std::string> paths, const sys::RootDir& root) {
  for (const std::string& path : paths) {
    const auto target = root.open_path(path);
    if (target.err() == ENOENT || target.err() == ENOTDIR) continue;
    if (!target.ok()) throw Error(ErrorKind::Kernel, text::join("open ", path, " to make it read-only"), target.err());
    const sys::MountFd copy = sys::clone_tree_with(target.value().borrow(), "", true, {.attr_set = sys::abi::kMountAttrRdonly})
                                  .or_throw("copy ", path, " to make it read-only");
    sys::attach_mount(copy, target.value().borrow()).or_throw("make ", path, " read-only");
  }
}

}  // namespace caisson::mount
