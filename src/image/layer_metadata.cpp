// The part of LayerWriter that looks after parents, owners and attributes.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/layer_writer.hpp"
#include "image/quoted_name.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

// Made by something else for its own host, or words to overlayfs that only this program may speak: one that an image brings
// along could show files of other layers.
bool is_left_out(std::string_view name) {
  return name == "security.selinux" || name == "system.nfs4_acl" || name.starts_with("trusted.overlay.") ||
         name.starts_with("user.overlay.");
}

}  // namespace

void LayerWriter::set_root(const TarEntry& entry) {
  if (entry.kind != TarKind::Directory)
    throw Error(ErrorKind::Spec, text::join(text::quoted(entry.name), ": the root of an image can only be a directory"));
  enter("");
  name_ = ".";
  set_owner(entry);
  set_attributes(entry);
  set_directory_mode("", entry.mode);
  directory_times_.emplace_back("", entry.modified);
  root_seen_ = true;
}

// The highest layer's root is what the container sees.
void LayerWriter::inherit_root() {
  if (lower_.empty()) return;
  const auto below = lower_.find("");
  if (!below || ((below->mode & 07777) == 0755 && below->uid == 0 && below->gid == 0)) return;
  sys::change_owner_at(root_.borrow(), ".", below->uid, below->gid).or_throw("set the owner of the root");
  enter("");
  name_ = ".";
  set_directory_mode("", below->mode & 07777);
  depends_on_lower_ = true;
}

void LayerWriter::set_owner(const TarEntry& entry) {
  if (owners_ == Owners::RootOnly && (entry.uid != 0 || entry.gid != 0)) {
    ++counts_.owners_left_out;
    return;
  }
  const auto set = sys::change_owner_at(parent_.borrow(), name_.c_str(), entry.uid, entry.gid);
  if (set.ok()) return;
  Error error(ErrorKind::Kernel,
              text::join(text::quoted(entry.name), ": give it to user ", entry.uid, " and group ", entry.gid), set.err());
  if (set.err() == EINVAL)
    error.with_hint("this user namespace does not map that id: /etc/subuid and /etc/subgid must give this user longer ranges");
  throw error;
}

void LayerWriter::set_attributes(const TarEntry& entry) {
  for (const auto& [name, value] : entry.attributes) {
    if (is_left_out(name)) {
      ++counts_.attributes_left_out;
      continue;
    }
    const auto set = sys::set_extended_attribute(sys::path_below(parent_.borrow(), name_).c_str(), name.c_str(), value);
    // user.* belongs to files and directories only; some file systems keep none of a kind.
    if (set.err() == EPERM || set.err() == EOPNOTSUPP) {
      ++counts_.attributes_left_out;
    } else if (!set.ok()) {
      throw Error(ErrorKind::Kernel, text::join(text::quoted(entry.name), ": set attribute ", text::quoted(name)), set.err());
    }
  }
}

// A link to a file of the layers below: overlayfs has no such thing, so that this layer gets a copy. false: there is no such
// file.
bool LayerWriter::copy_up(const PendingLink& link) {
  const auto source = lower_.file(link.target);
  if (!source) return false;
  const sys::BorrowedFd dir = source->parent.borrow();
  const char* const name = source->name.c_str();
  const std::string what = text::quoted(link.path.whole());
  const auto from = sys::open_at(dir, name, O_RDONLY | O_NOFOLLOW).or_throw("open ", link.target, " in a layer");
  const sys::Status status = sys::status_of_fd(from.borrow()).or_throw("examine ", link.target);
  constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
  auto made = sys::open_at(parent_.borrow(), name_.c_str(), kNew, 0600);
  if (made.err() == EEXIST) {
    take_away(name_);
    made = sys::open_at(parent_.borrow(), name_.c_str(), kNew, 0600);
  }
  const sys::UniqueFd file = std::move(made).or_throw("make file ", what);
  FileSource content({from.borrow(), 0, status.size}, link.target);
  counts_.bytes += copy_all(content, file.borrow(), link.target);
  sys::change_owner(file.borrow(), status.uid, status.gid).or_throw("set the owner of ", what);
  const std::string path = sys::path_below(dir, name), own_path = sys::path_below(parent_.borrow(), name_);
  const auto attributes = sys::list_extended_attributes(path.c_str()).or_throw("list the attributes of ", link.target);
  for (const std::string& attribute : attributes) {
    if (is_left_out(attribute)) continue;
    const std::string value =
        sys::read_extended_attribute(path.c_str(), attribute.c_str()).or_throw("read attribute ", attribute);
    sys::set_extended_attribute(own_path.c_str(), attribute.c_str(), value).or_throw(what, ": set attribute ", attribute);
  }
  sys::change_mode(file.borrow(), status.mode & 07777).or_throw("set the mode of ", what);
  const sys::FileTime time = sys::modification_time_at(dir, name).or_throw("examine ", link.target);
  sys::set_times_at(file.borrow(), "", time).or_throw("set the time of ", what);
  depends_on_lower_ = true;
  return true;
}

// Whether it was a whiteout.
bool LayerWriter::take_away(const std::string& name) {
  const sys::Status there = sys::status_at(parent_.borrow(), name.c_str()).or_throw("examine ", QuotedName(name));
  sys::remove_tree(parent_.borrow(), name.c_str()).or_throw("replace ", QuotedName(name));
  return is_whiteout(there);
}

void LayerWriter::enter(const std::string& parent) {
  if (parent_known_ && parent == parent_path_) return;
  auto opened = root_.open(parent.empty() ? "/" : parent, O_PATH | O_DIRECTORY);
  if (opened.err() == ENOENT || opened.err() == ENOTDIR) {
    make_parents(parent);
    opened = root_.open(parent, O_PATH | O_DIRECTORY);
  }
  parent_ = std::move(opened).or_throw("open directory ", QuotedName(parent), " of the layer");
  parent_path_ = parent;
  parent_known_ = true;
}

void LayerWriter::make_parents(const std::string& path) {
  for (std::size_t end = 0; end < path.size(); ++end) {
    end = std::min(path.find('/', end), path.size());
    const std::string part = path.substr(0, end);
    if (!root_.open(part, O_PATH | O_DIRECTORY).ok()) make_parent(part);
  }
}

// A directory that the archive has no member for looks as it does in the layers below: overlayfs shows the upper one's mode.
void LayerWriter::make_parent(const std::string& path) {
  const LayerPath place = layer_path(path);
  enter(place.parent);
  name_ = place.name;
  sys::SysStatus made = sys::make_dir(parent_.borrow(), name_.c_str(), 0755);
  if (made.err() == EEXIST) {
    const sys::Status there = sys::status_at(parent_.borrow(), name_.c_str()).or_throw("examine ", QuotedName(path));
    if (there.is_link())
      throw Error(ErrorKind::Spec, text::join(text::quoted(path), ": a directory is wanted where a link leads nowhere"));
    const bool hid = take_away(name_);
    made = sys::make_dir(parent_.borrow(), name_.c_str(), 0755);
    if (hid && made.ok()) set_opaque(name_, path);
  }
  std::move(made).or_throw("make directory ", QuotedName(path), " of the layer");
  const auto below = lower_.find(path);
  if (!below || !below->is_dir()) return;
  depends_on_lower_ = true;
  sys::change_owner_at(parent_.borrow(), name_.c_str(), below->uid, below->gid).or_throw("set the owner of ", QuotedName(path));
  set_directory_mode(path, below->mode & 07777);
}

// Of parent_/name_. What is made in a directory with the bit for its group would belong to that group, whatever the archive
// says.
void LayerWriter::set_directory_mode(const std::string& path, std::uint32_t mode) {
  sys::change_mode_at(parent_.borrow(), name_.c_str(), mode & ~std::uint32_t{S_ISGID})
      .or_throw("set the mode of ", QuotedName(path));
  if ((mode & S_ISGID) != 0)
    group_modes_[path] = mode;
  else
    group_modes_.erase(path);
}

}  // namespace caisson::image
