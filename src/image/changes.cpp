#include "image/changes.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/text.hpp"
#include "image/layer_view.hpp"
#include "sys/tree.hpp"

namespace caisson::image {
namespace {

class Walk {
 public:
  explicit Walk(const ChangesOf& what) : what_(what) {}

  // fresh: nothing of below shows through.
  void directory(sys::BorrowedFd dir, const std::string& path, bool fresh) {
    auto entries = sys::list_dir(dir).or_throw("list ", path.empty() ? "/" : path);
    std::ranges::sort(entries, {}, &sys::DirEntry::name);
    for (const sys::DirEntry& entry : entries) file(dir, entry.name, text::join(path, "/", entry.name), fresh);
  }

  std::vector<Change> take() { return std::move(found_); }

 private:
  void file(sys::BorrowedFd dir, const std::string& name, const std::string& path, bool fresh) {
    const auto status = sys::status_at(dir, name.c_str());
    if (!status.ok()) return;  // gone meanwhile
    if (is_whiteout(status.value())) return add(ChangeKind::Deleted, path);
    const auto below = fresh ? std::nullopt : what_.below(path);
    if (status.value().is_dir()) return tree(dir, name, path, status.value(), below);
    if (what_.is_made(path)) return;
    add(below ? ChangeKind::Changed : ChangeKind::Added, path);
  }

  void tree(sys::BorrowedFd dir, const std::string& name, const std::string& path, const sys::Status& status,
            const std::optional<sys::Status>& below) {
    const bool made = what_.is_made(path);
    const bool opaque = below && is_opaque(dir, name);
    if (opaque && !made) add(ChangeKind::Deleted, path);  // and made anew
    const bool is_new = !below || !below->is_dir() || opaque;
    const std::size_t place = found_.size();
    add(is_new && !made ? ChangeKind::Added : ChangeKind::Changed, path);
    const auto inner = sys::open_at(dir, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (inner.ok()) directory(inner.value().borrow(), path, is_new);
    const bool same = made || (!is_new && below->mode == status.mode && below->uid == status.uid && below->gid == status.gid);
    if (same && found_.size() == place + 1) found_.pop_back();
  }

  bool is_opaque(sys::BorrowedFd dir, const std::string& name) const {
    const auto value = sys::read_extended_attribute(sys::path_below(dir, name).c_str(), what_.opaque_attribute);
    return value.ok() && value.value() == "y";
  }

  void add(ChangeKind kind, const std::string& path) { found_.push_back({kind, path}); }

  const ChangesOf& what_;
  std::vector<Change> found_;
};

}  // namespace

std::vector<Change> changes(sys::BorrowedFd upper, const ChangesOf& what) {
  Walk walk(what);
  walk.directory(upper, what.prefix, false);
  return walk.take();
}

}  // namespace caisson::image
