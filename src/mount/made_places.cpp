#include "mount/made_places.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/root_dir.hpp"

namespace caisson::mount {
namespace {

constexpr const char* kNote = "made";
constexpr const char* kUnfinishedNote = "made.new";
constexpr std::string_view kMountPoint = "-";

std::string attributes_of(const sys::Status& status) { return text::join(status.mode, ',', status.uid, ',', status.gid); }

class Walk {
 public:
  explicit Walk(const sys::Status& stage) : device_(stage.device) {}

  // In `root` of a view of an overlay for each directory, further file systems hang: of those only the mount point counts.
  void top(sys::BorrowedFd stage, const char* name) {
    const auto status = sys::status_at(stage, name).or_throw("look at ", name, " of what the container writes");
    if (status.device != device_) return;  // an overlay: what is in it is in `upper`
    mount_ = status.mount_id;
    directory(stage, name, name);
  }

  std::string take() { return std::move(note_); }

 private:
  void directory(sys::BorrowedFd parent, const char* name, const std::string& path) {
    const auto opened = sys::open_at(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
                            .or_throw("open ", path, " of what the container writes");
    for (const sys::DirEntry& entry : sys::list_dir(opened.borrow()).or_throw("list ", path, " of what the container writes")) {
      const auto status = sys::status_at(opened.borrow(), entry.name.c_str()).or_throw("look at ", path, "/", entry.name);
      const std::string below = text::join(path, "/", entry.name);
      const bool covered = status.mount_id != mount_;
      if (!covered && !status.is_dir() && !status.is_regular()) continue;
      note_ += text::join(covered ? std::string(kMountPoint) : attributes_of(status), " ", below);
      note_.push_back('\0');
      if (!covered && status.is_dir()) directory(opened.borrow(), entry.name.c_str(), below);
    }
  }

  std::uint64_t device_, mount_ = 0;
  std::string note_;
};

struct Place {
  std::string_view path, attributes;
};

std::vector<Place> parse_note(std::string_view note) {
  std::vector<Place> places;
  for (const std::string_view line : text::split(note, '\0')) {
    const std::size_t space = line.find(' ');
    if (space != std::string_view::npos) places.push_back({line.substr(space + 1), line.substr(0, space)});
  }
  return places;
}

class Untouched {
 public:
  explicit Untouched(sys::RootDir stage) : stage_(std::move(stage)) {}

  std::vector<std::string> among(std::vector<Place> places) {
    // What is in a directory comes before it.
    std::ranges::sort(places, std::ranges::greater{}, &Place::path);
    for (const Place& place : places)
      if (is_untouched(place)) found_.emplace_back(place.path);
    std::ranges::sort(found_);
    return std::move(found_);
  }

 private:
  bool is_untouched(const Place& place) const {
    const std::string path(place.path);
    const auto file = stage_.open_path_nofollow(path);
    if (!file.ok()) return false;  // gone, or it is behind a link by now
    const auto status = sys::status_of_fd(file.value().borrow());
    if (!status.ok() || (place.attributes != kMountPoint && place.attributes != attributes_of(status.value()))) return false;
    if (!status.value().is_dir()) return status.value().is_regular() && status.value().size == 0;
    const auto opened = sys::open_at(file.value().borrow(), ".", O_RDONLY | O_DIRECTORY);
    if (!opened.ok()) return false;
    const auto entries = sys::list_dir(opened.value().borrow());
    return entries.ok() && std::ranges::all_of(entries.value(), [&](const sys::DirEntry& entry) {
             return std::ranges::find(found_, text::join(path, "/", entry.name)) != found_.end();
           });
  }

  sys::RootDir stage_;
  std::vector<std::string> found_;
};

}  // namespace

void note_made_places(sys::BorrowedFd stage) {
  if (sys::status_at(stage, kNote).ok()) return;
  const std::string doing = "note what was made for the container";
  Walk walk(sys::status_of_fd(stage).or_throw(doing));
  walk.top(stage, "upper");
  walk.top(stage, "root");
  // One of a run that was killed here may be there.
  const auto file = sys::open_at(stage, kUnfinishedNote, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600).or_throw(doing);
  sys::write_full(file.borrow(), walk.take()).or_throw(doing);
  sys::rename_at(stage, kUnfinishedNote, stage, kNote).or_throw(doing);
}

std::vector<std::string> untouched_places(sys::BorrowedFd stage) {
  const auto note = sys::read_file(stage, kNote);
  if (note.err() == ENOENT) return {};
  const std::string doing = "read what was made for the container";
  if (!note.ok()) throw Error(ErrorKind::Kernel, doing, note.err());
  return Untouched(sys::RootDir(sys::duplicate(stage).or_throw(doing))).among(parse_note(note.value()));
}

}  // namespace caisson::mount
