#include "mount/image_volume.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mount/copy_up.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"
#include "sys/tree.hpp"

namespace caisson::mount {
namespace {

bool covers(const spec::Mount& mount, std::string_view path) {
  const std::string place = text::clean_path(mount.destination);
  return path == place || (path.starts_with(place) && path[place.size()] == '/');
}

// Under its name it is always whole: what was cut off while it was filled is begun again.
void fill(const std::string& name, const ImageVolume& volume, sys::BorrowedFd covered, sys::BorrowedFd stage) {
  const std::string unfinished = name + ".new";
  if (auto removed = sys::remove_tree(stage, unfinished.c_str()); removed.err() != ENOENT)
    std::move(removed).or_throw("remove what was left of volume ", volume.path);
  sys::make_dir(stage, unfinished.c_str(), 0700).or_throw("make volume ", volume.path);
  const auto from = sys::open_at(covered, ".", O_RDONLY | O_DIRECTORY).or_throw("read ", volume.path, " of the image");
  const auto to = sys::open_at(stage, unfinished.c_str(), O_RDONLY | O_DIRECTORY).or_throw("open volume ", volume.path);
  copy_up(from.borrow(), to.borrow(), Top::Copied);
  sys::rename_at(stage, unfinished.c_str(), stage, name.c_str()).or_throw("keep volume ", volume.path);
}

}  // namespace

std::string volume_directory(std::size_t number) { return text::join(kVolumes, "/", number); }

std::vector<ImageVolume> own_volumes(const std::vector<std::string>& paths, const std::vector<spec::Mount>& mounts) {
  std::vector<ImageVolume> volumes;
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (std::ranges::none_of(mounts, [&](const spec::Mount& mount) { return covers(mount, paths[i]); }))
      volumes.push_back({.path = paths[i], .number = i});
  std::ranges::sort(volumes, {}, &ImageVolume::path);
  return volumes;
}

void mount_volume(const ImageVolume& volume, const sys::RootDir& root, sys::BorrowedFd stage) {
  auto place = root.make_dirs(volume.path, 0755);
  if (place.err() == ENOTDIR)
    throw Error(ErrorKind::Spec,
                text::join("the image wants a volume at ", volume.path, ", where it has something that is no directory"))
        .with_hint(text::join("a mount of your own takes its place: --volume FILE:", volume.path));
  const auto target = std::move(place).or_throw("make the mount point of volume ", volume.path);
  const std::string name = volume_directory(volume.number);
  if (!sys::status_at(stage, name.c_str()).ok()) fill(name, volume, target.borrow(), stage);
  const sys::MountFd mount = sys::clone_tree(stage, name.c_str(), false).or_throw("copy the mount of volume ", volume.path);
  sys::attach_mount(mount, target.borrow()).or_throw("mount volume ", volume.path);
}

}  // namespace caisson::mount
