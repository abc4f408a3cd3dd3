#include "copy/unpack.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/layer_path.hpp"
#include "image/write_content.hpp"
#include "sys/file.hpp"
#include "sys/umask.hpp"

namespace caisson::copy {
namespace {

using image::TarEntry;
using image::TarKind;

constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
constexpr mode_t kUnfinished = 0600, kUnfinishedDirectory = 0700;

std::string_view without_first(std::string_view path) {
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
}

Error in_the_way(const TarEntry& entry, std::string_view problem) {
  return Error(ErrorKind::Usage, text::join(text::quoted(entry.name), ": ", problem));
}

}  // namespace

void Unpacker::unpack(image::ByteSource& source, std::vector<std::string>& notes) {
  make_all(source);
  // Whoever writes the archive may still be at its padding.
  char rest[4096];
  while (source.read(rest) > 0) {
  }
  if (devices_left_out_ > 0)
    notes.push_back(text::join(devices_left_out_, devices_left_out_ == 1 ? " device was" : " devices were",
                               " left out: only an archive (-) takes devices out of a container"));
}

void Unpacker::make_all(image::ByteSource& source) {
  const sys::NoUmask no_umask;
  image::TarReader reader(source);
  bool landed = false;
  while (reader.next()) {
    if (!landed) land(reader.entry());
    landed = true;
    make(reader);
  }
  if (!landed && !reader.had_end()) throw Error(ErrorKind::Spec, "the archive is empty: not even its end is there");
  finish_directories();
}

void Unpacker::land(const TarEntry& first) {
  const sys::RootDir& root = target_.root;
  const auto there = root.open(target_.path, O_PATH);
  if (!there.ok() && there.err() != ENOENT)
    throw Error(ErrorKind::Kernel, text::join("find ", text::quoted(target_.path)), there.err());
  const bool is_directory =
      there.ok() && sys::status_of_fd(there.value().borrow()).or_throw("examine ", text::quoted(target_.path)).is_dir();
  if (!target_.source) {
    if (!is_directory)
      throw Error(ErrorKind::Usage, text::join(text::quoted(target_.path), " is not a directory"))
          .with_hint("an archive is unpacked into a directory that exists");
  } else {
    Source source = *target_.source;
    source.is_directory = first.kind == TarKind::Directory;
    landing_ = landing(source, target_.path, !there.ok() ? There::Nothing : is_directory ? There::Directory : There::File);
  }
  if (landing_.at == Landing::At::Itself) {
    base_ = sys::RootDir(sys::duplicate(there.value().borrow()).or_throw("open ", text::quoted(target_.path)));
    return;
  }
  if (there.ok() && first.kind == TarKind::File) open_target(there.value());
  auto at = root.entry(target_.path);
  if (!at.ok()) throw Error(ErrorKind::Kernel, text::join("find the directory of ", text::quoted(target_.path)), at.err());
  base_ = sys::RootDir(std::move(at).value().parent);
}

// It may be reached by a link, or be a mount of its own, which nothing can replace. A program that runs cannot be written to:
// that one is replaced.
void Unpacker::open_target(const sys::UniqueFd& found) {
  if (!sys::status_of_fd(found.borrow()).or_throw("examine ", text::quoted(target_.path)).is_regular()) return;
  auto opened = sys::open_at(sys::kCwd, text::join("/proc/self/fd/", found.get()).c_str(), O_WRONLY | O_TRUNC);
  if (opened.err() != ETXTBSY) through_ = std::move(opened).or_throw("open ", text::quoted(target_.path));
}

// Empty: the directory itself.
std::string Unpacker::place_of(const std::string& member) const {
  const std::string whole = image::layer_path(member).whole();
  if (!target_.source) return whole;
  const std::string_view below = target_.source->contents ? std::string_view(whole) : without_first(whole);
  if (landing_.top.empty()) return std::string(below);
  return below.empty() ? landing_.top : text::join(landing_.top, "/", below);
}

void Unpacker::make(image::TarReader& reader) {
  const TarEntry& entry = reader.entry();
  path_ = place_of(entry.name);
  if (path_.empty()) return;  // it was there before
  const std::size_t slash = path_.rfind('/');
  name_ = slash == std::string::npos ? path_ : path_.substr(slash + 1);
  enter(slash == std::string::npos ? std::string() : path_.substr(0, slash));
  switch (entry.kind) {
    case TarKind::File:
      return make_file(reader);
    case TarKind::Directory:
      return make_directory(entry);
    case TarKind::CharDevice:
    case TarKind::BlockDevice:
      ++devices_left_out_;
      return;
    case TarKind::HardLink:
    case TarKind::Symlink:
    case TarKind::Fifo:
      return make_other(entry);
  }
}

void Unpacker::enter(const std::string& parent) {
  if (parent_.valid() && parent == parent_path_) return;
  parent_ = base_.make_dirs(parent.empty() ? "/" : parent, 0755).or_throw("open directory ", text::quoted(parent));
  parent_path_ = parent;
}

// Only what is no directory.
void Unpacker::take_away(const TarEntry& entry) {
  const auto gone = sys::unlink_at(parent_.borrow(), name_.c_str());
  if (gone.err() == EISDIR) throw in_the_way(entry, "a directory of that name is there, which a file does not replace");
  if (!gone.ok() && gone.err() != ENOENT)
    throw Error(ErrorKind::Kernel, text::join("replace ", text::quoted(path_)), gone.err());
}

void Unpacker::make_file(image::TarReader& reader) {
  if (through_.valid()) return fill_file(reader, through_);
  auto made = sys::open_at(parent_.borrow(), name_.c_str(), kNew, kUnfinished);
  if (made.err() == EEXIST) {
    take_away(reader.entry());
    made = sys::open_at(parent_.borrow(), name_.c_str(), kNew, kUnfinished);
  }
  fill_file(reader, std::move(made).or_throw("make file ", text::quoted(path_)));
}

void Unpacker::fill_file(image::TarReader& reader, const sys::UniqueFd& file) {
  image::write_content(reader, file.borrow(), path_);
  const TarEntry& entry = reader.entry();
  // First, since that takes away set-user-id bits and capabilities.
  if (target_.owners == Owners::Kept) check_owner(entry, sys::change_owner(file.borrow(), entry.uid, entry.gid));
  if (!through_.valid()) set_attributes(entry);
  sys::change_mode(file.borrow(), mode_of(entry)).or_throw("set the mode of ", text::quoted(path_));
  sys::set_times_at(file.borrow(), "", entry.modified).or_throw("set the time of ", text::quoted(path_));
}

void Unpacker::make_directory(const TarEntry& entry) {
  const auto made = sys::make_dir(parent_.borrow(), name_.c_str(), kUnfinishedDirectory);
  if (made.err() == EEXIST) {
    if (!sys::status_at(parent_.borrow(), name_.c_str()).or_throw("examine ", text::quoted(path_)).is_dir())
      throw in_the_way(entry, "a file of that name is there, which a directory does not replace");
    return;  // merged: it stays as it is
  }
  if (!made.ok()) throw Error(ErrorKind::Kernel, text::join("make directory ", text::quoted(path_)), made.err());
  set_owner(entry);
  set_attributes(entry);
  directories_.push_back({path_, mode_of(entry), entry.modified});
}

void Unpacker::make_other(const TarEntry& entry) {
  const auto once = [&] {
    if (entry.kind == TarKind::Symlink) return sys::make_symlink(entry.link.c_str(), parent_.borrow(), name_.c_str());
    if (entry.kind == TarKind::Fifo)
      return sys::make_node(parent_.borrow(), name_.c_str(), S_IFIFO | (mode_of(entry) & 0777), 0);
    const auto from = base_.entry(place_of(entry.link));
    if (!from.ok()) return sys::SysStatus::failed(from.err());
    return sys::link_at(from.value().parent.borrow(), from.value().name.c_str(), parent_.borrow(), name_.c_str());
  };
  sys::SysStatus made = once();
  if (made.err() == EEXIST) {
    take_away(entry);
    made = once();
  }
  std::move(made).or_throw("make ", text::quoted(path_));
  if (entry.kind == TarKind::HardLink) return;
  set_owner(entry);
  sys::set_times_at(parent_.borrow(), name_.c_str(), entry.modified).or_throw("set the time of ", text::quoted(path_));
}

void Unpacker::set_owner(const TarEntry& entry) {
  if (target_.owners == Owners::Kept)
    check_owner(entry, sys::change_owner_at(parent_.borrow(), name_.c_str(), entry.uid, entry.gid));
}

void Unpacker::check_owner(const TarEntry& entry, const sys::SysStatus& set) const {
  if (set.ok()) return;
  throw Error(ErrorKind::Host, text::join("give ", text::quoted(path_), " to user ", entry.uid, ":", entry.gid), set.err())
      .with_hint(set.err() == EINVAL ? "the container's user namespace does not map that id"
                                     : "only root may give files to others; without --archive they are yours");
}

void Unpacker::set_attributes(const TarEntry& entry) {
  const std::string path = sys::path_below(parent_.borrow(), name_);
  for (const auto& [name, value] : entry.attributes) {
    if (target_.owners == Owners::Mine && !name.starts_with("user.")) continue;
    const auto set = sys::set_extended_attribute(path.c_str(), name.c_str(), value);
    if (!set.ok() && set.err() != EOPNOTSUPP)
      throw Error(ErrorKind::Host, text::join("set attribute ", text::quoted(name), " of ", text::quoted(path_)), set.err());
  }
}

std::uint32_t Unpacker::mode_of(const TarEntry& entry) const {
  constexpr std::uint32_t kAll = 07777, kSetIds = 06000;
  return entry.mode & (target_.owners == Owners::Mine ? kAll & ~kSetIds : kAll);
}

// When nothing comes into them any more. By a descriptor: a mode set by name would follow a link.
void Unpacker::finish_directories() {
  for (std::size_t i = directories_.size(); i-- > 0;) {
    const Made& made = directories_[i];
    const auto at = base_.entry(made.path);
    if (!at.ok()) continue;  // somebody else took it away
    const auto directory =
        sys::open_at(at.value().parent.borrow(), at.value().name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!directory.ok()) continue;
    sys::change_mode(directory.value().borrow(), made.mode).or_throw("set the mode of ", text::quoted(made.path));
    sys::set_times_at(directory.value().borrow(), "", made.modified).or_throw("set the time of ", text::quoted(made.path));
  }
}

}  // namespace caisson::copy
