// What the file of a container holds, each part in one write:
//   the intent, one line of JSON        before the first thing that is made
//   "<record size> <config size>\n"     once the first process exists, with what follows
//   the record, JSON
//   config.json as it was read
// A part that is shorter than it should be was being written when its writer died, and counts as not there.
#include <sys/file.h>

#include <cerrno>

#include "base/text.hpp"
#include "state/store.hpp"
#include "sys/file.hpp"

namespace caisson::state {
namespace {

// Behind the intent; nothing for a part that is not there or not whole.
struct RecordPart {
  std::string_view record, config;
};

std::optional<RecordPart> find_record(std::string_view content) {
  const std::size_t intent_end = content.find('\n');
  if (intent_end == std::string_view::npos) return std::nullopt;
  std::string_view rest = content.substr(intent_end + 1);
  const std::size_t space = rest.find(' '), line_end = rest.find('\n');
  if (line_end == std::string_view::npos || space > line_end) return std::nullopt;
  const auto record_size = text::parse_number<std::size_t>(rest.substr(0, space));
  const auto config_size = text::parse_number<std::size_t>(rest.substr(space + 1, line_end - space - 1));
  rest.remove_prefix(line_end + 1);
  if (!record_size || !config_size || *record_size > rest.size() || rest.size() - *record_size != *config_size)
    return std::nullopt;
  return RecordPart{rest.substr(0, *record_size), rest.substr(*record_size)};
}

}  // namespace

ContainerFile::ContainerFile(std::string id, std::string path, sys::UniqueFd root, sys::UniqueFd file,
                             const sys::Status& status)
    : id_(std::move(id)),
      path_(std::move(path)),
      start_socket_(text::join(".start-", status.inode)),
      services_page_(text::join(".services-", status.inode)),
      root_(std::move(root)),
      file_(std::move(file)),
      inode_(status.inode),
      is_regular_(status.is_regular()) {}

void ContainerFile::lock(LockWait wait) {
  const auto locked = sys::lock_file(file_.borrow(), wait == LockWait::Try ? LOCK_EX | LOCK_NB : LOCK_EX);
  if (locked.err() == EWOULDBLOCK)
    throw Error(ErrorKind::State, text::join("container ", text::quoted(id_), " is in use by another command"));
  if (!locked.ok()) throw Error(ErrorKind::Kernel, text::join("lock ", path_), locked.err());
  locked_ = true;
  if (!has_its_name()) throw_container_missing(id_);
}

bool ContainerFile::has_its_name() const {
  const auto named = sys::status_at(root_.borrow(), id_.c_str());
  return named.ok() && named.value().inode == inode_;
}

bool ContainerFile::lock_again() {
  sys::lock_file(file_.borrow(), LOCK_EX).or_throw("lock ", path_);
  locked_ = true;
  return has_its_name();
}

void ContainerFile::unlock() {
  sys::lock_file(file_.borrow(), LOCK_UN).or_throw("unlock container ", id_);
  locked_ = false;
}

bool ContainerFile::in_use_elsewhere() const {
  if (locked_) return false;
  auto tried = sys::lock_file(file_.borrow(), LOCK_SH | LOCK_NB);
  if (tried.err() == EWOULDBLOCK) return true;
  std::move(tried).or_throw("lock ", path_);
  sys::lock_file(file_.borrow(), LOCK_UN).or_throw("unlock ", path_);
  return false;
}

void ContainerFile::append(std::string_view content) { sys::write_full(file_.borrow(), content).or_throw("write ", path_); }

void ContainerFile::write_intent(const Intent& intent) {
  std::string line = to_json(intent);
  line += '\n';
  append(line);
}

void ContainerFile::write_record(const Record& record) {
  const std::string json = to_json(record);
  std::string part = text::join(json.size(), ' ', record.config.size(), '\n');
  if (part.size() + json.size() + record.config.size() > kMaxRecordSize)
    throw Error(ErrorKind::Host, text::join("write ", path_, ": the configuration is too large to be kept"));
  part.reserve(part.size() + json.size() + record.config.size());
  part += json;
  part += record.config;
  append(part);
}

std::string ContainerFile::read_all() const {
  if (!is_regular_)
    throw Error(ErrorKind::State, text::join(path_, " is no file of a container"))
        .with_hint("`delete --force` removes it if it is an empty directory");
  sys::rewind(file_.borrow()).or_throw("read ", path_);
  auto content = sys::read_full(file_.borrow(), kMaxRecordSize + kMaxIntentSize);
  if (!content.ok()) throw Error(ErrorKind::State, text::join("read ", path_), content.err());
  return std::move(content).value();
}

std::optional<Intent> ContainerFile::read_intent() const {
  const std::string content = read_all();
  if (content.empty()) return std::nullopt;  // killed before the first side effect
  const std::size_t end = content.find('\n');
  if (end == std::string::npos) throw Error(ErrorKind::State, text::join(path_, " is cut off"));
  Intent intent = parse_intent(std::string_view(content).substr(0, end));
  if (intent.id != id_) throw Error(ErrorKind::State, text::join(path_, " is about another container"));
  return intent;
}

std::optional<Record> ContainerFile::read_record() const {
  const std::string content = read_all();
  const auto part = find_record(content);
  if (!part) return std::nullopt;
  Record record = parse_record(part->record);
  if (record.id != id_) throw Error(ErrorKind::State, text::join(path_, " is about another container"));
  record.config = part->config;
  return record;
}

bool ContainerFile::start_pending() const { return sys::status_at(root_.borrow(), start_socket_.c_str()).ok(); }

void ContainerFile::remove() {
  if (removed_) return;  // the name may be a new container's by now
  for (const std::string* name : {&start_socket_, &services_page_, &id_}) {
    auto removed = sys::unlink_at(root_.borrow(), name->c_str());
    if (removed.err() == EISDIR) removed = sys::unlink_at(root_.borrow(), name->c_str(), AT_REMOVEDIR);
    if (!removed.ok() && removed.err() != ENOENT) throw Error(ErrorKind::Kernel, text::join("remove ", path_), removed.err());
  }
  removed_ = true;
}

}  // namespace caisson::state
