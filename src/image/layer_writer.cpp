#include "image/layer_writer.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <tuple>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/quoted_name.hpp"
#include "image/write_content.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

constexpr std::uint64_t kMostEntries = 10'000'000;

[[noreturn]] void refuse(const TarEntry& entry, std::string_view problem) {
  throw Error(ErrorKind::Spec, text::join(text::quoted(entry.name), ": ", problem));
}

mode_t type_of(TarKind kind) {
  if (kind == TarKind::CharDevice) return S_IFCHR;
  return kind == TarKind::BlockDevice ? S_IFBLK : S_IFIFO;
}

}  // namespace

LayerWriter::LayerWriter(sys::UniqueFd directory, const LayerView& lower, Whiteouts whiteouts, Owners owners)
    : root_(std::move(directory)), lower_(lower), whiteouts_(whiteouts), owners_(owners) {}

void LayerWriter::add(TarReader& reader) {
  const TarEntry& entry = reader.entry();
  if (++counts_.entries > kMostEntries) refuse(entry, "more than ten million files in a layer");
  const LayerPath path = layer_path(entry.name);
  if (path.is_root()) return set_root(entry);
  std::string hidden;
  const Marker marker = marker_of(path.name, hidden);
  if (marker != Marker::None && whiteouts_ == Whiteouts::Refuse)
    refuse(entry, "names that begin with .wh. hide files in a layer, and cannot be files of a root");
  enter(path.parent);
  name_ = path.name;
  switch (marker) {
    case Marker::None:
      return make(path, reader);
    case Marker::Whiteout:
      return whiteout(path, hidden);
    case Marker::Opaque:
      return make_opaque(path);
    case Marker::Ignored:
      return;
  }
}

void LayerWriter::make(const LayerPath& path, TarReader& reader) {
  const TarEntry& entry = reader.entry();
  switch (entry.kind) {
    case TarKind::File:
      return make_file(entry, reader);
    case TarKind::Directory:
      return make_directory(path, entry);
    case TarKind::HardLink:
      return make_link(path, entry);
    case TarKind::Symlink:
    case TarKind::CharDevice:
    case TarKind::BlockDevice:
    case TarKind::Fifo:
      return make_node(entry);
  }
}

void LayerWriter::make_file(const TarEntry& entry, TarReader& reader) {
  constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
  auto made = sys::open_at(parent_.borrow(), name_.c_str(), kNew, entry.mode & 0777);
  if (made.err() == EEXIST) {
    take_away(name_);
    made = sys::open_at(parent_.borrow(), name_.c_str(), kNew, entry.mode & 0777);
  }
  const sys::UniqueFd file = std::move(made).or_throw("make file ", QuotedName(entry.name));
  write_content(reader, file.borrow(), entry.name);
  counts_.bytes += entry.size;
  // Owner first, since that takes away setuid bits and capabilities; a new file is root's.
  if (entry.uid != 0 || entry.gid != 0) set_owner(entry);
  set_attributes(entry);
  if ((entry.mode & 07000) != 0)
    sys::change_mode(file.borrow(), entry.mode).or_throw("set the mode of ", QuotedName(entry.name));
  sys::set_times_at(file.borrow(), "", entry.modified).or_throw("set the time of ", QuotedName(entry.name));
}

void LayerWriter::make_directory(const LayerPath& path, const TarEntry& entry) {
  sys::SysStatus made = sys::make_dir(parent_.borrow(), name_.c_str(), 0700);
  if (made.err() == EEXIST) {
    const sys::Status there = sys::status_at(parent_.borrow(), name_.c_str()).or_throw("examine ", QuotedName(entry.name));
    if (there.is_dir()) {
      made = sys::Unit{};
    } else {
      const bool hid = take_away(name_);
      made = sys::make_dir(parent_.borrow(), name_.c_str(), 0700);
      if (hid && made.ok()) set_opaque(name_, path.whole());
    }
  }
  std::move(made).or_throw("make directory ", QuotedName(entry.name));
  set_owner(entry);
  set_attributes(entry);
  set_directory_mode(path.whole(), entry.mode);
  directory_times_.emplace_back(path.whole(), entry.modified);
}

void LayerWriter::make_node(const TarEntry& entry) {
  if (entry.kind == TarKind::CharDevice && entry.major == 0 && entry.minor == 0)
    refuse(entry, "a device 0:0 would hide a file of the layers below");
  const auto once = [&] {
    if (entry.kind == TarKind::Symlink) return sys::make_symlink(entry.link.c_str(), parent_.borrow(), name_.c_str());
    return sys::make_node(parent_.borrow(), name_.c_str(), type_of(entry.kind) | (entry.mode & 0777),
                          sys::device_number(entry.major, entry.minor));
  };
  sys::SysStatus made = once();
  if (made.err() == EEXIST) {
    take_away(name_);
    made = once();
  }
  const bool device = entry.kind == TarKind::CharDevice || entry.kind == TarKind::BlockDevice;
  if (made.err() == EPERM && device) {  // no right to make any: a container has devices of its own
    ++counts_.devices_left_out;
    return;
  }
  std::move(made).or_throw("make ", QuotedName(entry.name));
  if (entry.uid != 0 || entry.gid != 0) set_owner(entry);
  set_attributes(entry);
  if (entry.kind != TarKind::Symlink && (entry.mode & 07000) != 0)
    sys::change_mode_at(parent_.borrow(), name_.c_str(), entry.mode).or_throw("set the mode of ", QuotedName(entry.name));
  sys::set_times_at(parent_.borrow(), name_.c_str(), entry.modified).or_throw("set the time of ", QuotedName(entry.name));
}

void LayerWriter::make_link(const LayerPath& path, const TarEntry& entry) {
  const LayerPath target = layer_path(entry.link);
  if (target.is_root()) refuse(entry, "a hard link to the root directory");
  if (target.whole() == path.whole()) return;
  if (!try_link(target.whole(), path)) pending_.push_back({target.whole(), path});
}

// false: there is no such file, yet.
bool LayerWriter::try_link(const std::string& target, const LayerPath& path) {
  const auto from = root_.entry(target);
  if (from.err() == ENOENT || from.err() == ENOTDIR) return false;
  if (!from.ok()) throw Error(ErrorKind::Kernel, text::join("find ", text::quoted(target), " for a hard link"), from.err());
  const auto [dir, name] = std::tie(from.value().parent, from.value().name);
  const auto there = sys::status_at(dir.borrow(), name.c_str());
  if (there.err() == ENOENT || (there.ok() && is_whiteout(there.value()))) return false;
  if (there.ok() && there.value().is_dir())
    throw Error(ErrorKind::Spec,
                text::join(text::quoted(path.whole()), ": a hard link to the directory ", text::quoted(target)));
  sys::SysStatus linked = sys::link_at(dir.borrow(), name.c_str(), parent_.borrow(), name_.c_str());
  if (linked.err() == EEXIST) {
    take_away(name_);
    linked = sys::link_at(dir.borrow(), name.c_str(), parent_.borrow(), name_.c_str());
  }
  std::move(linked).or_throw("link ", QuotedName(path.whole()), " to ", QuotedName(target));
  return true;
}

void LayerWriter::whiteout(const LayerPath& path, const std::string& hidden) {
  if (opaque_.contains(path.parent)) return;  // nothing of the layers below is seen there
  const sys::SysStatus made = sys::make_node(parent_.borrow(), hidden.c_str(), S_IFCHR, 0);
  if (made.ok()) return;
  if (made.err() != EEXIST)
    throw Error(ErrorKind::Kernel, text::join("hide ", text::quoted(path.parent + "/" + hidden)), made.err());
  // A marker means the layers below only: what this layer has under the same name stays.
  const sys::Status there = sys::status_at(parent_.borrow(), hidden.c_str()).or_throw("examine ", QuotedName(hidden));
  if (there.is_dir()) set_opaque(hidden, path.parent.empty() ? hidden : path.parent + "/" + hidden);
}

void LayerWriter::make_opaque(const LayerPath& path) {
  set_opaque(".", path.parent);
  // The kernel lists whiteouts that stand in an opaque directory.
  const auto dir = sys::open_at(parent_.borrow(), ".", O_RDONLY | O_DIRECTORY).or_throw("open ", QuotedName(path.parent));
  for (const sys::DirEntry& entry : sys::list_dir(dir.borrow()).or_throw("list ", QuotedName(path.parent))) {
    const auto status = sys::status_at(dir.borrow(), entry.name.c_str());
    if (status.ok() && is_whiteout(status.value())) take_away(entry.name);
  }
}

void LayerWriter::set_opaque(const std::string& name, const std::string& path) {
  const auto set = sys::set_extended_attribute(sys::path_below(parent_.borrow(), name).c_str(), kOpaqueAttribute, "y");
  if (set.err() == EOPNOTSUPP)
    throw Error(ErrorKind::Host, "the file system of the store keeps no extended attributes of users, which layers need")
        .with_hint("choose a directory on ext4, xfs or btrfs with --store");
  if (!set.ok()) throw Error(ErrorKind::Kernel, text::join("make ", text::quoted(path), " opaque"), set.err());
  opaque_.insert(path);
}

void LayerWriter::finish() {
  for (const PendingLink& link : pending_) {
    enter(link.path.parent);
    name_ = link.path.name;
    if (!try_link(link.target, link.path) && !copy_up(link))
      throw Error(ErrorKind::Spec, text::join(text::quoted(link.path.whole()), ": a hard link to ", text::quoted(link.target),
                                              ", and there is no such file"));
  }
  if (!root_seen_) inherit_root();
  // What is no directory any more was replaced by a later member.
  const auto still_there = [&](const std::string& path) {
    return path.empty() ? sys::duplicate(root_.borrow()) : root_.open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  };
  for (const auto& [path, mode] : group_modes_)
    if (const auto dir = still_there(path); dir.ok())
      sys::change_mode_at(dir.value().borrow(), ".", mode).or_throw("set the mode of ", QuotedName(path));
  for (const auto& [path, time] : directory_times_)
    if (const auto dir = still_there(path); dir.ok())
      sys::set_times_at(dir.value().borrow(), ".", time).or_throw("set the time of ", QuotedName(path));
}

}  // namespace caisson::image
