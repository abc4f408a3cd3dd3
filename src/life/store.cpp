#include "life/store.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "life/layer.hpp"
#include "life/name.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::life {
namespace {

constexpr mode_t kPrivateMode = 0700;
constexpr mode_t kWritableByOthers = 0022;
constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

void make_path(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    const sys::SysStatus made = sys::make_dir(sys::kCwd, part.c_str(), kPrivateMode);
    if (!made.ok() && made.err() != EEXIST)
      throw Error(ErrorKind::Host, text::join("make directory ", part), made.err())
          .with_hint("caisson --root DIR keeps everything below another directory");
    if (slash == std::string::npos) return;
  }
}

void refuse_foreign(const sys::UniqueFd& directory, std::string_view path) {
  const sys::Status status = sys::status_of_fd(directory.borrow()).or_throw("look at ", path);
  if (status.uid == sys::effective_uid() && (status.mode & kWritableByOthers) == 0) return;
  throw Error(ErrorKind::Host, text::join("the directory of containers, ", path, ", can be changed by other users"))
      .with_hint("it must belong to you, and nobody else may write to it");
}

}  // namespace

void throw_unknown(std::string_view word) {
  throw Error(ErrorKind::State, text::join("no such container: ", text::quoted(word)))
      .with_hint("caisson ps -a lists them; those of other users, or of another --root, are not seen");
}

std::string store_path(const StorePlace& place) {
  if (!place.given_root.empty()) return text::join(place.given_root, "/.containers");
  if (place.user == 0) return "/var/lib/caisson/containers";
  if (place.data_home.starts_with('/')) return text::join(text::clean_path(place.data_home), "/caisson/containers");
  if (place.home.starts_with('/')) return text::join(text::clean_path(place.home), "/.local/share/caisson/containers");
  throw Error(ErrorKind::Host, "there is no place for containers: neither XDG_DATA_HOME nor HOME is set")
      .with_hint("caisson --root DIR keeps everything below another directory");
}

Store Store::open_or_create(std::string_view path) {
  make_path(std::string(path));
  auto store = open(path);
  if (!store) throw Error(ErrorKind::Kernel, text::join("open ", path), ENOENT);
  return *std::move(store);
}

std::optional<Store> Store::open(std::string_view path) {
  std::string name(path);
  auto directory = sys::open_at(sys::kCwd, name.c_str(), kDirectory);
  if (directory.err() == ENOENT) return std::nullopt;
  sys::UniqueFd opened = std::move(directory).or_throw("open ", path);
  refuse_foreign(opened, path);
  return Store(std::move(name), std::move(opened));
}

sys::UniqueFd Store::locked() const {
  sys::UniqueFd lock =
      sys::open_at(directory_.borrow(), ".lock", O_RDWR | O_CREAT | O_NOFOLLOW, kRecordMode).or_throw("open ", path_, "/.lock");
  sys::lock_file(lock.borrow(), LOCK_EX).or_throw("lock ", path_);
  return lock;
}

void Store::refuse_taken(std::string_view name) const {
  for (const Entry& other : list())
    if (other.record.name == name || other.record.id == name)
      throw Error(ErrorKind::State,
                  text::join("the name ", text::quoted(name), " is taken by container ", short_id(other.record.id)))
          .with_hint(text::join("caisson rm ", name, " removes it, caisson rename gives it another name"));
}

Entry Store::create(Record record) const {
  check_name(record.name);
  const sys::UniqueFd lock = locked();
  refuse_taken(record.name);
  const std::string making = text::join(".new-", record.id), path = text::join(path_, "/", record.id);
  sys::make_dir(directory_.borrow(), making.c_str(), kPrivateMode).or_throw("make ", path);
  Entry entry(path, sys::duplicate(directory_.borrow()).or_throw("open ", path_),
              sys::open_at(directory_.borrow(), making.c_str(), kDirectory).or_throw("open ", path));
  try {
    entry.record = std::move(record);
    entry.open_files();
    entry.save();
    entry.lock();
    sys::rename_at(directory_.borrow(), making.c_str(), directory_.borrow(), entry.id().c_str()).or_throw("make ", path);
  } catch (const Error&) {
    for (const char* file : {"lock", "exit", "record", "record.new"})
      static_cast<void>(sys::unlink_at(entry.directory(), file));
    static_cast<void>(sys::unlink_at(directory_.borrow(), making.c_str(), AT_REMOVEDIR));
    throw;
  }
  return entry;
}

std::optional<Entry> Store::open_entry(const std::string& id) const {
  auto directory = sys::open_at(directory_.borrow(), id.c_str(), kDirectory);
  if (directory.err() == ENOENT || directory.err() == ENOTDIR) return std::nullopt;
  Entry entry(text::join(path_, "/", id), sys::duplicate(directory_.borrow()).or_throw("open ", path_),
              std::move(directory).or_throw("open container ", id));
  const auto text = sys::read_file(entry.directory(), "record", kMostRecord);
  if (text.err() == ENOENT) return std::nullopt;  // being removed
  if (!text.ok()) throw Error(ErrorKind::Kernel, text::join("read ", entry.path(), "/record"), text.err());
  entry.record = parse_record(text.value());
  entry.open_files();
  return entry;
}

std::optional<Entry> Store::find_id(std::string_view id) const {
  if (id.empty() || id.front() == '.' || id.find('/') != std::string_view::npos) return std::nullopt;
  return open_entry(std::string(id));
}

std::vector<Entry> Store::list() const {
  std::vector<Entry> entries;
  const sys::UniqueFd listed = sys::open_at(directory_.borrow(), ".", kDirectory).or_throw("open ", path_);
  for (const sys::DirEntry& each : sys::list_dir(listed.borrow()).or_throw("list ", path_)) {
    if (each.name.front() == '.') continue;
    try {
      if (auto entry = open_entry(each.name)) entries.push_back(*std::move(entry));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::State) throw;
    }
  }
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) { return a.record.created > b.record.created; });
  return entries;
}

std::optional<Entry> Store::try_find(std::string_view word) const {
  if (auto exact = find_id(word)) return exact;
  std::vector<Entry> all = list(), begun;
  for (Entry& entry : all)
    if (entry.record.name == word) return std::move(entry);
  for (Entry& entry : all)
    if (!word.empty() && entry.record.id.starts_with(word)) begun.push_back(std::move(entry));
  if (begun.empty()) return std::nullopt;
  if (begun.size() > 1)
    throw Error(ErrorKind::State, text::join(text::quoted(word), " is the beginning of ", begun.size(), " ids"))
        .with_hint("write more digits, or a name");
  return std::move(begun.front());
}

Entry Store::find(std::string_view word) const {
  auto found = try_find(word);
  if (!found) throw_unknown(word);
  return *std::move(found);
}

void Store::rename(Entry& entry, std::string_view name) const {
  check_name(name);
  const sys::UniqueFd lock = locked();
  refuse_taken(name);
  entry.lock();
  entry.record.name = std::string(name);
  entry.save();
  entry.unlock();
}

bool Store::is_leftover(const std::string& name) const {
  if (name.starts_with(".new-") || name.starts_with(".gone-")) return true;
  if (name.front() == '.') return false;
  try {
    return !open_entry(name);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::State) throw;
    return true;
  }
}

std::size_t Store::remove_leftovers() const {
  const sys::UniqueFd lock = locked();
  std::size_t removed = 0;
  const sys::UniqueFd listed = sys::open_at(directory_.borrow(), ".", kDirectory).or_throw("open ", path_);
  for (const sys::DirEntry& each : sys::list_dir(listed.borrow()).or_throw("list ", path_)) {
    if (!is_leftover(each.name)) continue;
    auto opened = sys::open_at(directory_.borrow(), each.name.c_str(), kDirectory);
    if (opened.err() == ENOENT || opened.err() == ENOTDIR) continue;
    const sys::UniqueFd directory = std::move(opened).or_throw("open ", path_, "/", each.name);
    remove_layer(directory.borrow(), text::join(path_, "/", each.name));
    for (const sys::DirEntry& file : sys::list_dir(directory.borrow()).or_throw("list ", path_, "/", each.name))
      static_cast<void>(sys::unlink_at(directory.borrow(), file.name.c_str()));
    const sys::SysStatus gone = sys::unlink_at(directory_.borrow(), each.name.c_str(), AT_REMOVEDIR);
    if (!gone.ok() && gone.err() != ENOENT)
      throw Error(ErrorKind::Kernel, text::join("remove ", path_, "/", each.name), gone.err());
    ++removed;
  }
  return removed;
}

}  // namespace caisson::life
