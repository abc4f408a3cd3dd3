#include "mount/attach.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/path_prefix.hpp"
#include "mount/new_filesystem.hpp"
#include "sys/mount.hpp"

namespace caisson::mount {
namespace {

std::string subject(const MountStep& step) { return text::join(describe(step), " (mounts[", step.index, "])"); }

Error failure(const MountStep& step, std::string_view doing, int err) {
  return Error(ErrorKind::Kernel, text::join(doing, " ", subject(step)), err);
}

sys::abi::MountAttr attributes_of(const AttributeChange& change) { return {.attr_set = change.set, .attr_clr = change.clear}; }

AttributeChange both(const AttributeChange& first, const AttributeChange& second) {
  return {.set = (first.set & ~second.clear) | second.set, .clear = (first.clear & ~second.set) | second.clear};
}

[[noreturn]] void fail_source(const MountStep& step, int err) {
  const bool inside = step.is_bind_of(SourceTree::Container);
  Error error(ErrorKind::Kernel,
              text::join("open source ", step.source, inside ? " inside the root" : "", " for ", subject(step)), err);
  if (err == ENOENT && inside)
    error.with_hint("it lies below root.path: the image or an earlier mount of the list has to have it, and links stay inside");
  else if (err == ENOENT)
    error.with_hint(text::join("create ", step.source, " or correct the source of the mount"));
  if (err == EINVAL && !step.recursive)
    error.with_hint("use rbind: the source has mounts below it that a user namespace may not uncover");
  throw std::move(error);
}

void set_attributes(const MountStep& step, sys::BorrowedFd mount, bool recursive, const AttributeChange& change,
                    std::optional<sys::BorrowedFd> idmap) {
  sys::abi::MountAttr attributes = attributes_of(change);
  if (idmap) {
    attributes.attr_set |= sys::abi::kMountAttrIdmap;
    attributes.userns_fd = static_cast<std::uint64_t>(idmap->get());
  }
  if (attributes.attr_set == 0 && attributes.attr_clr == 0) return;
  const auto set = sys::set_mount_attributes(mount, recursive, attributes);
  if (set.ok()) return;
  Error error = failure(step, idmap ? "set the id mapping of" : "set the attributes of", set.err());
  if (idmap && set.err() == EINVAL)
    error.with_hint("the filesystem of the source does not support id-mapped mounts on this kernel");
  if (idmap && set.err() == EPERM)
    error.with_hint("the filesystem of the source belongs to another user namespace, or the source is id-mapped already");
  if (!idmap && set.err() == EPERM)
    error.with_hint("the source is mounted with a restriction that a user namespace may not lift: leave that option out");
  throw std::move(error);
}

// With one call where the attributes of the first mount and of the tree are the same change.
sys::MountFd clone_source(const MountStep& step, sys::BorrowedFd dir, const char* path) {
  const bool at_once = !step.recursive || step.mount.empty();
  const AttributeChange change = step.recursive ? step.tree : both(step.mount, step.tree);
  if (at_once && !change.empty()) {
    auto copy = sys::clone_tree_with(dir, path, step.recursive, attributes_of(change));
    if (copy.ok()) return std::move(copy).value();
    if (copy.err() != EPERM || change.clear == 0) fail_source(step, copy.err());
  }
  auto copy = sys::clone_tree(dir, path, step.recursive);
  if (!copy.ok()) fail_source(step, copy.err());
  if (step.recursive) set_attributes(step, copy.value().borrow(), true, step.tree, std::nullopt);
  set_attributes(step, copy.value().borrow(), false, step.recursive ? step.mount : change, std::nullopt);
  return std::move(copy).value();
}

void check_procfs_source(const MountStep& step, sys::BorrowedFd source, const sys::Status& status) {
  const long magic = sys::filesystem_magic(source).or_throw("examine source ", step.source);
  const bool root = status.inode == static_cast<std::uint64_t>(sys::abi::kProcRootInode);
  if (magic == sys::abi::kProcSuperMagic && root) return;
  throw Error(ErrorKind::Spec, text::join(subject(step), ": only a procfs may be bound on /proc"));
}

BindSource copy_source(const MountStep& step, sys::BorrowedFd dir, const char* path) {
  BindSource source{.mount = clone_source(step, dir, path)};
  const sys::Status status = sys::status_of_fd(source.mount.borrow()).or_throw("examine source ", step.source);
  source.is_directory = status.is_dir();
  if (step.procfs_source_only) check_procfs_source(step, source.mount.borrow(), status);
  return source;
}

// Where the configuration itself names such a tree, and so may have it elsewhere too.
struct KernelTree {
  long magic;
  std::string_view place;
};
constexpr std::array kKernelTrees = {KernelTree{sys::abi::kProcSuperMagic, "/proc"}, KernelTree{sys::abi::kSysfsMagic, "/sys"},
                                     KernelTree{sys::abi::kCgroupSuperMagic, "/sys"},
                                     KernelTree{sys::abi::kCgroup2SuperMagic, "/sys"}};

// What the image made of the source.
void check_source_inside(const MountStep& step, const sys::RootDir& root, sys::BorrowedFd source) {
  const std::string& path = step.source;
  const sys::Status top = root.status().or_throw("examine the root");
  const sys::Status found = sys::status_of_fd(source).or_throw("examine source ", path);
  if (path != "/" && top.mount_id == found.mount_id && top.inode == found.inode)
    throw Error(ErrorKind::Spec, text::join("source ", path, " leads to the root itself for ", subject(step)));
  const long magic = sys::filesystem_magic(source).or_throw("examine source ", path);
  for (const KernelTree& tree : kKernelTrees)
    if (magic == tree.magic && !text::is_at_or_below(path, tree.place))
      throw Error(ErrorKind::Spec, text::join("source ", path, " leads into ", tree.place, " for ", subject(step)))
          .with_hint("what is masked or read-only there would not be so at the mount point");
}

[[noreturn]] void refuse_without_namespace(const MountStep& step) {
  throw Error(ErrorKind::Spec, text::join("no user namespace was made for the id mapping of ", subject(step)));
}

struct Target {
  sys::UniqueFd fd;
  sys::Status status;
  bool created = false;
};

Target open_target(const MountStep& step, const sys::RootDir& root, bool directory) {
  const std::string& path = step.destination;
  Target target;
  auto found = step.place_is_missing      ? sys::SysResult<sys::UniqueFd>::failed(ENOENT)
               : step.real_directory_only ? root.open_path_nofollow(path)
                                          : root.open_path(path);
  if (found.err() == ENOENT) {
    target.created = true;
    found = directory ? root.make_missing_dirs(path, 0755) : root.make_file(path, 0644);
  }
  if (!found.ok()) {
    const std::string part = root.failing_part(path);
    Error error(ErrorKind::Kernel,
                text::join("open mount point ", path, " inside the root for ", subject(step),
                           part.empty() || part == path ? "" : " at ", part == path ? "" : part),
                found.err());
    if (found.err() == EROFS)
      error.with_hint("the root filesystem is read-only and lacks this mount point: create it in the image");
    throw std::move(error);
  }
  target.fd = std::move(found).value();
  target.status = sys::status_of_fd(target.fd.borrow()).or_throw("examine mount point ", path);
  return target;
}

// What the image made of the destination: links may lead it to where the config never meant.
void check_target(const MountStep& step, const sys::RootDir& root, const Target& target, bool directory) {
  if (step.real_directory_only && !target.status.is_dir())
    throw Error(ErrorKind::Spec, text::join("mount point ", step.destination, " of ", step.type,
                                            " must be a real directory in the image, not a link or file"))
        .with_hint(text::join("make ", step.destination, " a directory in the root filesystem"));
  if (target.status.is_dir() != directory) {
    const std::string_view wants =
        directory ? " is not a directory, but its source is" : " is a directory, but its source is not";
    throw Error(ErrorKind::Spec, text::join("mount point ", step.destination, wants, " for ", subject(step)),
                directory ? ENOTDIR : EISDIR)
        .with_hint("directories are mounted on directories, files on files; a mount point that is missing is made");
  }
  const sys::Status top = root.status().or_throw("examine the root");
  if (top.mount_id == target.status.mount_id && top.inode == target.status.inode)
    throw Error(ErrorKind::Spec, text::join("mount point ", step.destination, " leads to the root itself for ", subject(step)));
  if (step.below_proc_allowed || step.destination == "/proc") return;
  const long magic = sys::filesystem_magic(target.fd.borrow()).or_throw("examine mount point ", step.destination);
  if (magic == sys::abi::kProcSuperMagic)
    throw Error(ErrorKind::Spec, text::join("mount point ", step.destination, " leads into procfs for ", subject(step)));
}

void set_propagation(const MountStep& step, const sys::MountFd& mount) {
  for (const unsigned long flags : step.propagation) {
    const bool recursive = (flags & MS_REC) != 0;
    const auto set =
        sys::set_mount_attributes(mount.borrow(), recursive, {.propagation = flags & ~static_cast<unsigned long>(MS_REC)});
    if (!set.ok()) throw failure(step, text::join("make ", propagation_name(flags)), set.err());
  }
}

sys::MountFd finished(const MountStep& step, sys::MountFd mount) {
  set_propagation(step, mount);
  return step.readonly_at_end ? std::move(mount) : sys::MountFd{};
}

void place(const MountStep& step, const sys::MountFd& mount, const Target& target) {
  const auto attached = sys::attach_mount(mount, target.fd.borrow());
  if (!attached.ok()) throw failure(step, "attach", attached.err());
}

sys::MountFd attach_bind(const MountStep& step, const sys::RootDir& root, BindSource source) {
  if (!source.valid()) {
    if (step.idmap != IdMapping::None) refuse_without_namespace(step);
    source = step.is_bind_of(SourceTree::Container) ? open_source_inside(step, root) : open_source(step);
  }
  const Target target = open_target(step, root, source.is_directory);
  check_target(step, root, target, source.is_directory);
  place(step, source.mount, target);
  return finished(step, std::move(source.mount));
}

sys::MountFd attach_fallback(const MountStep& step, const Target& target, Error original) {
  auto copy = sys::clone_tree_with(sys::kCwd, step.fallback_bind.c_str(), true, attributes_of(step.fallback_attributes));
  if (!copy.ok()) throw std::move(original.within(text::join("a bind of ", step.fallback_bind, " instead failed too")));
  place(step, copy.value(), target);
  return finished(step, std::move(copy).value());
}

sys::MountFd attach_filesystem(const MountStep& step, const sys::RootDir& root) {
  const Target target = open_target(step, root, true);
  check_target(step, root, target, true);
  std::vector<std::string> data = step.data;
  if (step.inherit_mode && !target.created) data.push_back(text::join("mode=", text::octal(target.status.mode & 07777)));
  try {
    return finished(step, mount_new_filesystem(step, data, target.fd.borrow()));
  } catch (Error& error) {
    const bool forbidden = error.errno_value() == EPERM || error.errno_value() == EBUSY;
    if (!forbidden || step.fallback_bind.empty()) throw;
    return attach_fallback(step, target, std::move(error));
  }
}

void remount(const MountStep& step, const sys::RootDir& root) {
  const auto target = root.open_path(step.destination).or_throw("open mount point ", step.destination, " to remount it");
  if (step.type == "bind") {
    set_attributes(step, target.borrow(), true, step.tree, std::nullopt);
    set_attributes(step, target.borrow(), false, step.mount, std::nullopt);
  } else {
    remount_filesystem(step, target.borrow());
  }
  for (const unsigned long flags : step.propagation) {
    const auto set = sys::set_mount_attributes(target.borrow(), (flags & MS_REC) != 0,
                                               {.propagation = flags & ~static_cast<unsigned long>(MS_REC)});
    if (!set.ok()) throw failure(step, text::join("make ", propagation_name(flags)), set.err());
  }
}

}  // namespace

BindSource open_source(const MountStep& step, std::optional<sys::BorrowedFd> idmap) {
  if (step.idmap != IdMapping::None && !idmap) refuse_without_namespace(step);
  BindSource source = copy_source(step, sys::kCwd, step.source.c_str());
  if (step.idmap != IdMapping::None) map_ids(step, source.mount.borrow(), *idmap);
  return source;
}

BindSource open_source_inside(const MountStep& step, const sys::RootDir& root) {
  const auto found = root.open_path(step.source);
  if (!found.ok()) fail_source(step, found.err());
  check_source_inside(step, root, found.value().borrow());
  return copy_source(step, found.value().borrow(), "");
}

void map_ids(const MountStep& step, sys::BorrowedFd mount, sys::BorrowedFd user_namespace) {
  set_attributes(step, mount, step.idmap == IdMapping::Tree, {}, user_namespace);
}

sys::MountFd attach(const MountStep& step, const sys::RootDir& root, BindSource source) {
  switch (step.kind) {
    case StepKind::Bind:
      return attach_bind(step, root, std::move(source));
    case StepKind::NewFilesystem:
      return attach_filesystem(step, root);
    case StepKind::Remount:
      remount(step, root);
      return {};
  }
  return {};
}

void finish_readonly(const MountStep& step, const sys::MountFd& mount) {
  const auto sealed = sys::set_mount_attributes(mount.borrow(), false, {.attr_set = sys::abi::kMountAttrRdonly});
  if (!sealed.ok()) throw failure(step, "make read-only", sealed.err());
}

}  // namespace caisson::mount
