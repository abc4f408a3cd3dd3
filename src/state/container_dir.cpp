#include <dirent.h>
#include <sys/file.h>

#include <cerrno>

#include "base/text.hpp"
#include "state/store.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::state {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr int kMaxTreeDepth = 16;

bool is_record_file(std::string_view name) { return name == kIntentFile || name == kRecordFile; }

// A failed write leaves no file of that name.
sys::SysStatus create_file(sys::BorrowedFd dir, const char* name, std::string_view content) {
  const auto file = sys::open_at(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, kFileMode);
  if (!file.ok()) return sys::SysStatus::failed(file.err());
  const auto written = sys::write_full(file.value().borrow(), content);
  if (!written.ok()) static_cast<void>(sys::unlink_at(dir, name));
  return written;
}

// The name is unique to this process, which holds the lock: a file that is there was left by a killed one.
void replace_file(sys::BorrowedFd dir, const char* name, std::string_view content, std::string_view path) {
  const std::string aside = text::join(".", name, ".", sys::process_id());
  auto created = create_file(dir, aside.c_str(), content);
  if (created.err() == EEXIST) {
    sys::unlink_at(dir, aside.c_str()).or_throw("remove ", path, "/", aside);
    created = create_file(dir, aside.c_str(), content);
  }
  std::move(created).or_throw("write ", path, "/", name);
  const auto renamed = sys::rename_at(dir, aside.c_str(), dir, name);
  if (renamed.ok()) return;
  static_cast<void>(sys::unlink_at(dir, aside.c_str()));
  throw Error(ErrorKind::Kernel, text::join("write ", path, "/", name), renamed.err());
}

void remove_entry(sys::BorrowedFd dir, const std::string& name, const std::string& path, int depth) {
  const auto removed = sys::unlink_at(dir, name.c_str());
  if (removed.ok() || removed.err() == ENOENT) return;
  if (removed.err() != EISDIR) throw Error(ErrorKind::Kernel, text::join("remove ", path, "/", name), removed.err());
  const std::string inner = text::join(path, "/", name);
  if (depth == kMaxTreeDepth) throw Error(ErrorKind::State, text::join("remove ", inner, ": nested too deeply"));
  {
    const sys::UniqueFd sub = sys::open_at(dir, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW).or_throw("open ", inner);
    for (const sys::DirEntry& entry : sys::list_dir(sub.borrow()).or_throw("list ", inner))
      remove_entry(sub.borrow(), entry.name, inner, depth + 1);
  }
  const auto gone = sys::unlink_at(dir, name.c_str(), AT_REMOVEDIR);
  if (!gone.ok() && gone.err() != ENOENT) throw Error(ErrorKind::Kernel, text::join("remove ", inner), gone.err());
}

// Nothing when it is not there.
std::optional<std::string> read_small_file(sys::BorrowedFd dir, const char* name, const std::string& path) {
  const auto file = sys::open_at(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (file.err() == ENOENT) return std::nullopt;
  if (!file.ok()) throw Error(ErrorKind::State, text::join("open ", path, "/", name), file.err());
  auto content = sys::read_full(file.value().borrow(), kMaxRecordSize);
  if (!content.ok()) throw Error(ErrorKind::State, text::join("read ", path, "/", name), content.err());
  return std::move(content).value();
}

}  // namespace

ContainerDir::ContainerDir(std::string id, std::string path, sys::UniqueFd root, sys::UniqueFd directory)
    : id_(std::move(id)), path_(std::move(path)), root_(std::move(root)), directory_(std::move(directory)) {}

void ContainerDir::lock(LockWait wait) {
  const auto locked = sys::lock_file(directory_.borrow(), wait == LockWait::Try ? LOCK_EX | LOCK_NB : LOCK_EX);
  if (locked.err() == EWOULDBLOCK)
    throw Error(ErrorKind::State, text::join("container ", text::quoted(id_), " is in use by another command"));
  if (!locked.ok()) throw Error(ErrorKind::Kernel, text::join("lock ", path_), locked.err());
  const auto own = sys::status_of_fd(directory_.borrow()).or_throw("look at ", path_);
  const auto named = sys::status_at(root_.borrow(), id_.c_str());
  if (!named.ok() || named.value().inode != own.inode || named.value().device != own.device) throw_container_missing(id_);
}

void ContainerDir::write_intent(const Intent& intent) {
  const std::string content = to_json(intent);
  const auto created = create_file(directory_.borrow(), kIntentFile, content);
  if (created.err() == EEXIST) return replace_file(directory_.borrow(), kIntentFile, content, path_);
  if (!created.ok()) throw Error(ErrorKind::Kernel, text::join("write ", path_, "/", kIntentFile), created.err());
}

void ContainerDir::write_record(const Record& record) {
  const std::string content = to_json(record);
  if (content.size() > kMaxRecordSize)
    throw Error(ErrorKind::Host, text::join("write ", path_, "/", kRecordFile, ": the configuration is too large to be kept"));
  replace_file(directory_.borrow(), kRecordFile, content, path_);
}

std::optional<Intent> ContainerDir::read_intent() const {
  const auto content = read_small_file(directory_.borrow(), kIntentFile, path_);
  if (!content || content->empty()) return std::nullopt;  // empty: killed before the first side effect
  Intent intent = parse_intent(*content);
  if (intent.id != id_) throw Error(ErrorKind::State, text::join(path_, "/", kIntentFile, " is about another container"));
  return intent;
}

std::optional<Record> ContainerDir::read_record() const {
  const auto content = read_small_file(directory_.borrow(), kRecordFile, path_);
  if (!content) return std::nullopt;
  Record record = parse_record(*content);
  if (record.id != id_) throw Error(ErrorKind::State, text::join(path_, "/", kRecordFile, " is about another container"));
  return record;
}

bool ContainerDir::start_pending() const { return sys::status_at(directory_.borrow(), kStartSocket).ok(); }

void ContainerDir::remove() {
  const sys::UniqueFd listed = sys::open_at(directory_.borrow(), ".", O_RDONLY | O_DIRECTORY).or_throw("open ", path_);
  auto entries = sys::list_dir(listed.borrow());
  if (entries.err() == ENOENT) return;  // removed already; the name may be a new container's by now
  for (const sys::DirEntry& entry : std::move(entries).or_throw("list ", path_))
    if (!is_record_file(entry.name)) remove_entry(directory_.borrow(), entry.name, path_, 0);
  remove_entry(directory_.borrow(), kIntentFile, path_, 0);
  remove_entry(directory_.borrow(), kRecordFile, path_, 0);
  const auto removed = sys::unlink_at(root_.borrow(), id_.c_str(), AT_REMOVEDIR);
  if (!removed.ok() && removed.err() != ENOENT) throw Error(ErrorKind::Kernel, text::join("remove ", path_), removed.err());
}

}  // namespace caisson::state
