#include "mount/root.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/path_prefix.hpp"
#include "mount/mountinfo.hpp"
#include "mount/options.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"

namespace caisson::mount {
namespace {

constexpr unsigned long kDefault = MS_SLAVE | MS_REC;

bool stays_shared(const RootStep& step) { return (step.propagation & MS_SHARED) != 0; }

// pivot_root(2) refuses a root whose parent mount is shared. The mount that holds rootfs is found by trying, longest path
// first: MS_PRIVATE on a directory that is no mount point is EINVAL.
void make_parent_private(const std::string& rootfs) {
  for (std::string path = rootfs;;) {
    const auto done = sys::mount(nullptr, path.c_str(), nullptr, MS_PRIVATE, nullptr);
    if (done.ok()) return;
    const std::size_t slash = path.rfind('/');
    if (done.err() != EINVAL || path == "/" || slash == std::string::npos)
      throw Error(ErrorKind::Kernel, text::join("make the mount that holds ", rootfs, " private, at ", path), done.err());
    path = slash == 0 ? "/" : path.substr(0, slash);
  }
}

// The kernel's first root, an initramfs, can't be moved away (man 2 pivot_root, NOTES).
[[noreturn]] void fail_to_pivot(int error) {
  Error failed(ErrorKind::Kernel, "make the root filesystem the root (pivot_root)", error);
  const long magic = sys::filesystem_magic_at("/").value_or(0);
  if (error == EINVAL && (magic == sys::abi::kRamfsMagic || magic == sys::abi::kTmpfsMagic))
    failed.with_hint(
        "if the root of this machine is its initramfs, leave that first (switch_root), or use caisson-oci run --no-pivot");
  throw failed;
}

// Without pivot_root the old tree stays mounted underneath: nothing of the host's procfs and sysfs may be found there, or a
// container could mount fresh ones that its own masks do not cover.
void hide_host_filesystems(const std::string& rootfs, std::string_view mountinfo) {
  for (const MountInfo& mount : parse_mountinfo(mountinfo)) {
    const bool revealing = mount.root == "/" && (mount.type == "proc" || mount.type == "sysfs");
    if (!revealing || text::is_at_or_below(mount.mount_point, rootfs)) continue;
    const char* path = mount.mount_point.c_str();
    const auto cut = sys::mount(nullptr, path, nullptr, MS_SLAVE | MS_REC, nullptr);
    if (cut.err() == ENOENT || cut.err() == EINVAL) continue;  // another mount lies over it: no path leads there
    if (!cut.ok()) throw Error(ErrorKind::Kernel, text::join("detach propagation of ", path), cut.err());
    const auto gone = sys::unmount(path, MNT_DETACH);
    if (gone.ok()) continue;
    if (gone.err() != EINVAL && gone.err() != EPERM)
      throw Error(ErrorKind::Kernel, text::join("unmount ", path, " of the host"), gone.err());
    sys::mount("tmpfs", path, "tmpfs", 0, "").or_throw("cover ", path, " of the host");  // locked: not ours to unmount
  }
}

}  // namespace

unsigned long propagation_of(std::string_view rootfs_propagation) {
  if (rootfs_propagation.empty()) return kDefault;
  for (const OptionRow& row : option_table()) {
    if (row.scope != OptionScope::Propagation || row.name != rootfs_propagation) continue;
    const bool cuts_off = (row.set & (MS_PRIVATE | MS_SLAVE)) != 0;
    const unsigned long recursive = cuts_off ? MS_REC : 0;
    return static_cast<unsigned long>(row.set) | recursive;
  }
  throw Error(ErrorKind::Spec, text::join("linux.rootfsPropagation: unknown value ", text::quoted(rootfs_propagation)))
      .with_hint("use private, slave, shared or unbindable, or one of them with a leading r");
}

void set_propagation(const RootStep& step) {
  // An unbindable tree could not be copied; the root becomes unbindable when it is "/".
  const bool unbindable = (step.propagation & MS_UNBINDABLE) != 0;
  const unsigned long flags = step.propagation == 0 || unbindable ? kDefault : step.propagation;
  sys::mount(nullptr, "/", nullptr, flags, nullptr).or_throw("set mount propagation to ", propagation_name(flags));
  if (stays_shared(step)) make_parent_private(step.rootfs);
}

sys::MountFd clone_root(const RootStep& step) {
  return sys::clone_tree(sys::kCwd, step.rootfs.c_str(), true).or_throw("copy the mount of root filesystem ", step.rootfs);
}

[[noreturn]] void refuse_root(const RootStep& step, int errno_value) {
  Error error(ErrorKind::Kernel, text::join("open root filesystem ", step.rootfs), errno_value);
  if (errno_value == ENOENT) error.with_hint("root.path in config.json names it, relative to the bundle");
  // With O_DIRECTORY a link is reported as "not a directory" too.
  if (errno_value == ENOTDIR) error.with_hint("it must be a directory itself, not a file or a symbolic link");
  throw std::move(error);
}

sys::RootDir attach_root(const RootStep& step, sys::MountFd prepared) {
  const auto place = sys::open_at(sys::kCwd, step.rootfs.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (!place.ok()) refuse_root(step, place.err());
  if (!prepared.valid())
    prepared = sys::clone_tree(place.value().borrow(), "", true).or_throw("copy the mount of root filesystem ", step.rootfs);
  sys::attach_mount(prepared, place.value().borrow()).or_throw("mount root filesystem ", step.rootfs);
  return sys::RootDir(std::move(prepared.fd));
}

void pivot_into(const RootStep& step, const sys::RootDir& root) {
  sys::UniqueFd old;
  if (stays_shared(step)) old = sys::open_at(sys::kCwd, "/", O_PATH | O_DIRECTORY).or_throw("open the old root");
  sys::change_dir(root.borrow()).or_throw("enter the root filesystem");
  if (const auto pivoted = sys::pivot_root(".", "."); !pivoted.ok()) fail_to_pivot(pivoted.err());
  if (!old.valid()) return;
  sys::change_dir(old.borrow()).or_throw("enter the old root");
  sys::mount(nullptr, ".", nullptr, MS_SLAVE | MS_REC, nullptr).or_throw("cut the old root off from the host");
  sys::change_dir(root.borrow()).or_throw("enter the root filesystem");
}

void detach_old_root() {
  sys::change_dir("/").or_throw("enter the new root");
  sys::unmount(".", MNT_DETACH).or_throw("unmount the old root");  // it lies on top of the new one
  sys::change_dir("/").or_throw("enter the new root");
}

void move_into(const RootStep& step, const sys::RootDir& root, std::string_view mountinfo) {
  hide_host_filesystems(step.rootfs, mountinfo);
  sys::change_dir(root.borrow()).or_throw("enter the root filesystem");
  sys::mount(".", "/", nullptr, MS_MOVE, nullptr).or_throw("move the root filesystem over /");
  sys::change_root(".").or_throw("change root to the root filesystem");
  sys::change_dir("/").or_throw("enter the new root");
}

void reapply_propagation(const RootStep& step) {
  if ((step.propagation & (MS_SHARED | MS_UNBINDABLE)) == 0) return;
  sys::mount(nullptr, "/", nullptr, step.propagation, nullptr).or_throw("make the root ", propagation_name(step.propagation));
}

void seal_root(const sys::RootDir& root) {
  sys::set_mount_attributes(root.borrow(), false, {.attr_set = sys::abi::kMountAttrRdonly}).or_throw("make the root read-only");
}

}  // namespace caisson::mount
