#include "state/store.hpp"

#include <dirent.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::state {
namespace {

constexpr mode_t kPrivateMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr mode_t kParentMode = 0711;
constexpr mode_t kWritableByOthers = 0022;
constexpr int kOpenFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' ||
         c == '.';
}

bool is_container_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxIdLength && id.front() != '.' && std::ranges::all_of(id, is_id_character);
}

std::string clean_root(std::string_view path) {
  std::string clean = text::clean_path(path);
  if (!path.starts_with('/') || clean == "/")
    throw Error(ErrorKind::Usage, text::join("state directory ", text::quoted(path), " must be an absolute path other than /"));
  return clean;
}

// man 7 path_resolution: the last component may not be a link; those above it belong to the caller's own choice of path.
void make_parents(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    const auto made = sys::make_dir(sys::kCwd, parent.c_str(), kParentMode);
    if (!made.ok() && made.err() != EEXIST) throw Error(ErrorKind::Host, text::join("make directory ", parent), made.err());
  }
}

void refuse_foreign(const sys::UniqueFd& directory, const std::string& path) {
  const auto status = sys::status_of_fd(directory.borrow()).or_throw("look at ", path);
  if (status.uid != sys::effective_uid())
    throw Error(ErrorKind::Host,
                text::join("state directory ", path, " belongs to user ", status.uid, ", not to user ", sys::effective_uid()))
        .with_hint("choose another one with --root");
  if ((status.mode & kWritableByOthers) != 0)
    throw Error(ErrorKind::Host,
                text::join("state directory ", path, " can be written by others, mode ", text::octal(status.mode & 07777)))
        .with_hint("take the right away (chmod go-w) or choose another one with --root");
}

sys::SysResult<sys::UniqueFd> open_root(const std::string& path) { return sys::open_at(sys::kCwd, path.c_str(), kOpenFlags); }

[[noreturn]] void refuse_root(const std::string& path, int error) {
  // O_DIRECTORY with O_NOFOLLOW reports a link as "not a directory".
  throw Error(ErrorKind::Host, text::join("open state directory ", path), error)
      .with_hint(error == ENOTDIR || error == ELOOP ? "it must be a directory, not a file or a symbolic link" : "");
}

}  // namespace

void check_container_id(std::string_view id) {
  if (!is_container_id(id))
    throw Error(ErrorKind::Usage, text::join("invalid container ID format: ", text::quoted(id)))
        .with_hint("an ID has 1 to 255 letters, digits and _ + - . and does not begin with a dot");
}

void throw_container_missing(std::string_view id) {
  throw Error(ErrorKind::State, text::join("container does not exist: ", text::quoted(id)))
      .with_hint("the containers of another user, or of another --root, are not seen");
}

StateRoot StateRoot::open_or_create(std::string_view wanted) {
  std::string path = clean_root(wanted);
  auto directory = open_root(path);
  if (directory.err() == ENOENT) {
    make_parents(path);
    const auto made = sys::make_dir(sys::kCwd, path.c_str(), kPrivateMode);
    if (!made.ok() && made.err() != EEXIST)
      throw Error(ErrorKind::Host, text::join("make state directory ", path), made.err())
          .with_hint("choose another one with --root");
    directory = open_root(path);
  }
  if (!directory.ok()) refuse_root(path, directory.err());
  refuse_foreign(directory.value(), path);
  return StateRoot(std::move(path), std::move(directory).value());
}

std::optional<StateRoot> StateRoot::open(std::string_view wanted) {
  std::string path = clean_root(wanted);
  auto directory = open_root(path);
  if (directory.err() == ENOENT) return std::nullopt;
  if (!directory.ok()) refuse_root(path, directory.err());
  refuse_foreign(directory.value(), path);
  return StateRoot(std::move(path), std::move(directory).value());
}

ContainerFile StateRoot::create(std::string_view id) const {
  check_container_id(id);
  std::string name(id);
  std::string path = text::join(path_, "/", id);
  auto file = sys::open_at(directory_.borrow(), name.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, kFileMode);
  if (file.err() == EEXIST)
    throw Error(ErrorKind::State, text::join("container with given ID already exists: ", text::quoted(id)))
        .with_hint("choose another ID, or remove that container with `delete`");
  if (!file.ok()) throw Error(ErrorKind::Kernel, text::join("make ", path), file.err());
  try {
    return locked_new_file(std::move(name), std::move(path), std::move(file).value());
  } catch (const Error&) {
    static_cast<void>(sys::unlink_at(directory_.borrow(), std::string(id).c_str()));
    throw;
  }
}

ContainerFile StateRoot::locked_new_file(std::string name, std::string path, sys::UniqueFd file) const {
  sys::lock_file(file.borrow(), LOCK_EX).or_throw("lock ", path);
  ContainerFile made = opened(std::move(name), std::move(path), std::move(file));
  made.locked_ = true;
  return made;
}

ContainerFile StateRoot::opened(std::string name, std::string path, sys::UniqueFd file) const {
  const auto status = sys::status_of_fd(file.borrow()).or_throw("look at ", path);
  // For create: a delete that was faster than our lock took the empty file for what a killed create leaves.
  if (status.links == 0) throw_container_missing(name);
  auto root = sys::duplicate(directory_.borrow()).or_throw("open ", path_);
  return ContainerFile(std::move(name), std::move(path), std::move(root), std::move(file), status);
}

std::optional<ContainerFile> StateRoot::find(std::string_view id) const {
  check_container_id(id);
  std::string name(id);
  std::string path = text::join(path_, "/", id);
  auto file = sys::open_at(directory_.borrow(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (file.err() == ENOENT) return std::nullopt;
  if (!file.ok()) throw Error(ErrorKind::State, text::join("open ", path), file.err());
  return opened(std::move(name), std::move(path), std::move(file).value());
}

ContainerFile StateRoot::open_container(std::string_view id) const {
  auto found = find(id);
  if (!found) throw_container_missing(id);
  return *std::move(found);
}

std::vector<Entry> StateRoot::list() const {
  std::vector<Entry> entries;
  const sys::UniqueFd listed = sys::open_at(directory_.borrow(), ".", O_RDONLY | O_DIRECTORY).or_throw("open ", path_);
  for (const sys::DirEntry& each : sys::list_dir(listed.borrow()).or_throw("list ", path_)) {
    if (!is_container_id(each.name) || (each.type != DT_REG && each.type != DT_UNKNOWN)) continue;
    Entry entry{each.name, {}, {}, {}};
    try {
      const auto file = find(each.name);
      if (!file) continue;  // deleted meanwhile
      entry.record = file->read_record();
      if (!entry.record) entry.intent = file->read_intent();
      if (!entry.record && !entry.intent) {
        if (file->in_use_elsewhere()) continue;  // being made just now
        entry.problem = "nothing was recorded: it was killed while it began";
      }
    } catch (const Error& error) {
      entry.problem = error.message();
    }
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, {}, &Entry::id);
  return entries;
}

}  // namespace caisson::state
