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

ContainerDir StateRoot::create(std::string_view id) const {
  check_container_id(id);
  std::string name(id);
  const auto made = sys::make_dir(directory_.borrow(), name.c_str(), kPrivateMode);
  if (made.err() == EEXIST)
    throw Error(ErrorKind::State, text::join("container with given ID already exists: ", text::quoted(id)))
        .with_hint("choose another ID, or remove that container with `delete`");
  std::string path = text::join(path_, "/", id);
  if (!made.ok()) throw Error(ErrorKind::Kernel, text::join("make directory ", path), made.err());
  auto directory = sys::open_at(directory_.borrow(), name.c_str(), kOpenFlags);
  auto root = sys::duplicate(directory_.borrow());
  auto locked = directory.ok() ? sys::lock_file(directory.value().borrow(), LOCK_EX) : sys::SysStatus::failed(directory.err());
  if (!locked.ok() || !root.ok()) {
    static_cast<void>(sys::unlink_at(directory_.borrow(), name.c_str(), AT_REMOVEDIR));
    throw Error(ErrorKind::Kernel, text::join("open directory ", path), locked.ok() ? root.err() : locked.err());
  }
  return ContainerDir(std::move(name), std::move(path), std::move(root).value(), std::move(directory).value());
}

std::optional<ContainerDir> StateRoot::find(std::string_view id) const {
  check_container_id(id);
  std::string name(id);
  std::string path = text::join(path_, "/", id);
  auto directory = sys::open_at(directory_.borrow(), name.c_str(), kOpenFlags);
  if (directory.err() == ENOENT) return std::nullopt;
  sys::UniqueFd opened = std::move(directory).or_throw("open directory ", path);
  return ContainerDir(std::move(name), std::move(path), sys::duplicate(directory_.borrow()).or_throw("open ", path_),
                      std::move(opened));
}

ContainerDir StateRoot::open_container(std::string_view id) const {
  auto found = find(id);
  if (!found) throw_container_missing(id);
  return *std::move(found);
}

std::vector<Entry> StateRoot::list() const {
  std::vector<Entry> entries;
  const sys::UniqueFd listed = sys::open_at(directory_.borrow(), ".", O_RDONLY | O_DIRECTORY).or_throw("open ", path_);
  for (const sys::DirEntry& each : sys::list_dir(listed.borrow()).or_throw("list ", path_)) {
    if (!is_container_id(each.name) || (each.type != DT_DIR && each.type != DT_UNKNOWN)) continue;
    Entry entry{each.name, {}, {}, {}};
    try {
      const auto dir = find(each.name);
      if (!dir) continue;  // deleted meanwhile
      entry.record = dir->read_record();
      if (!entry.record) entry.intent = dir->read_intent();
      if (!entry.record && !entry.intent) {
        if (sys::lock_file(dir->directory(), LOCK_SH | LOCK_NB).err() == EWOULDBLOCK) continue;  // being made just now
        entry.problem = "it has neither state.json nor intent.json";
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
