#include "image/archive.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/layer_path.hpp"
#include "image/tar_reader.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kMostMembers = 100'000;

bool is_root_directory(std::string_view top) {
  constexpr std::array<std::string_view, 6> kOfRoots = {"bin", "etc", "lib", "sbin", "usr", "var"};
  return std::ranges::find(kOfRoots, top) != kOfRoots.end();
}

// "../abc/layer.tar" beside "def/layer.tar": "abc/layer.tar".
std::string link_target(const LayerPath& path, const std::string& link) {
  if (link.starts_with('/')) return text::clean_path(link).substr(1);
  return text::clean_path(text::join('/', path.parent, '/', link)).substr(1);
}

}  // namespace

Archive Archive::of_directory(sys::UniqueFd directory) {
  Archive archive;
  archive.directory_ = sys::RootDir(std::move(directory));
  return archive;
}

Archive Archive::of_tar(sys::UniqueFd file, std::string name) {
  Archive archive;
  archive.file_ = std::move(file);
  archive.name_ = std::move(name);
  archive.read_index();
  return archive;
}

FileRange Archive::whole() const {
  const sys::Status status = sys::status_of_fd(file_.borrow()).or_throw("examine ", name_);
  return {file_.borrow(), 0, status.size};
}

void Archive::read_index() {
  FileSource source(whole(), name_);
  TarReader reader(source);
  while (reader.next()) {
    const TarEntry& entry = reader.entry();
    // A member of a root may be called anything; only those of an image are looked for.
    if (entry.name.find("..") != std::string::npos) continue;
    const LayerPath path = layer_path(entry.name);
    const std::string whole_name = path.whole();
    const std::string_view top = std::string_view(whole_name).substr(0, whole_name.find('/'));
    looks_like_root_ = looks_like_root_ || (is_root_directory(top) && (entry.kind == TarKind::Directory || top != whole_name));
    if (looks_like_root_ && !path.parent.empty()) continue;
    Member member{.range = {file_.borrow(), reader.position(), entry.size}, .link = {}};
    if (entry.kind == TarKind::Symlink)
      member.link = link_target(path, entry.link);
    else if (entry.kind == TarKind::HardLink)
      member.link = layer_path(entry.link).whole();
    else if (entry.kind != TarKind::File || entry.sparse)
      continue;
    if (members_.size() >= kMostMembers)
      throw Error(ErrorKind::Spec, text::join(name_, ": an image of more than 100000 files"));
    members_.insert_or_assign(whole_name, std::move(member));
  }
}

std::optional<FileRange> Archive::look(const std::string& name) {
  if (!directory_.valid()) {
    auto found = members_.find(name);
    if (found != members_.end() && !found->second.link.empty()) found = members_.find(found->second.link);
    if (found == members_.end() || !found->second.link.empty()) return std::nullopt;
    return found->second.range;
  }
  auto file = directory_.open(name, O_RDONLY | O_NONBLOCK);
  if (!file.ok()) return std::nullopt;
  const sys::Status status = sys::status_of_fd(file.value().borrow()).or_throw("examine ", name);
  if (!status.is_regular()) return std::nullopt;
  const auto kept = opened_.insert_or_assign(name, std::move(file).value()).first;
  return FileRange{kept->second.borrow(), 0, status.size};
}

bool Archive::has(const std::string& name) { return look(name).has_value(); }

FileRange Archive::find(const std::string& name) {
  if (const auto found = look(name)) return *found;
  throw Error(ErrorKind::Spec, text::join(text::quoted(name), " is missing in the image"));
}

std::string Archive::document(const std::string& name) {
  const FileRange range = find(name);
  if (range.size > kLargestDocument)
    throw Error(ErrorKind::Spec, text::join(text::quoted(name), ": a document of more than 4 MiB"));
  FileSource source(range, name);
  return read_all(source, kLargestDocument, name);
}

}  // namespace caisson::image
