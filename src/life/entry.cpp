#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "life/layer.hpp"
#include "life/store.hpp"
#include "sys/file.hpp"

namespace caisson::life {
namespace {

sys::UniqueFd file_of(const sys::UniqueFd& directory, const char* name, const std::string& path) {
  return sys::open_at(directory.borrow(), name, O_RDWR | O_CREAT | O_NOFOLLOW, kRecordMode).or_throw("open ", path, "/", name);
}

}  // namespace

Entry::Entry(std::string path, sys::UniqueFd store, sys::UniqueFd directory)
    : path_(std::move(path)), store_(std::move(store)), directory_(std::move(directory)) {}

void Entry::open_files() {
  lock_ = file_of(directory_, "lock", path_);
  exit_ = file_of(directory_, "exit", path_);
}

void Entry::lock() {
  sys::lock_file(lock_.borrow(), LOCK_EX).or_throw("lock ", path_);
  const auto text = sys::read_file(directory_.borrow(), "record", kMostRecord);
  if (text.err() == ENOENT)
    throw Error(ErrorKind::State, text::join("container ", text::quoted(record.name), " was removed just now"));
  if (!text.ok()) throw Error(ErrorKind::Kernel, text::join("read ", path_, "/record"), text.err());
  record = parse_record(text.value());
}

void Entry::unlock() { static_cast<void>(sys::lock_file(lock_.borrow(), LOCK_UN)); }

void Entry::save() {
  const sys::UniqueFd made =
      sys::open_at(directory_.borrow(), "record.new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, kRecordMode)
          .or_throw("make ", path_, "/record.new");
  sys::write_full(made.borrow(), to_json(record)).or_throw("write ", path_, "/record.new");
  sys::rename_at(directory_.borrow(), "record.new", directory_.borrow(), "record").or_throw("replace ", path_, "/record");
}

std::optional<Exit> Entry::exit() const {
  sys::rewind(exit_.borrow()).or_throw("rewind ", path_, "/exit");
  return parse_exit(sys::read_full(exit_.borrow(), launch::kExitRecordSize).value_or(""));
}

void Entry::write_exit(const Exit& exit) {
  sys::rewind(exit_.borrow()).or_throw("rewind ", path_, "/exit");
  sys::write_once(exit_.borrow(), exit_text(exit)).or_throw("write ", path_, "/exit");
}

bool Entry::is_removed() const { return sys::status_at(directory_.borrow(), "record").err() == ENOENT; }

bool Entry::has_keeper() const {
  if (kept_.valid()) return true;
  const sys::SysStatus locked = sys::lock_file(exit_.borrow(), LOCK_SH | LOCK_NB);
  if (locked.ok()) static_cast<void>(sys::lock_file(exit_.borrow(), LOCK_UN));
  return locked.err() == EWOULDBLOCK;
}

void Entry::wait_for_keeper() const {
  sys::lock_file(exit_.borrow(), LOCK_SH).or_throw("wait for the end of container ", record.name);
  static_cast<void>(sys::lock_file(exit_.borrow(), LOCK_UN));
}

sys::BorrowedFd Entry::become_keeper() {
  if (kept_.valid()) return kept_.borrow();
  // Opened anew: a lock belongs to what was opened, and this one is to live on in the monitor.
  kept_ = file_of(directory_, "exit", path_);
  const sys::SysStatus locked = sys::lock_file(kept_.borrow(), LOCK_EX);
  if (!locked.ok()) throw Error(ErrorKind::Kernel, text::join("lock ", path_, "/exit"), locked.err());
  return kept_.borrow();
}

void Entry::adopt_keeper(sys::UniqueFd passed) {
  const auto ours = sys::status_of_fd(exit_.borrow()).or_throw("look at ", path_, "/exit");
  const auto theirs = sys::status_of_fd(passed.borrow()).or_throw("look at the lock of the monitor");
  if (ours.inode != theirs.inode || ours.device != theirs.device)
    throw Error(ErrorKind::Usage, "only the monitor of the container runs this command");
  sys::set_close_on_exec(passed.borrow()).or_throw("mark the lock of the monitor");
  kept_ = std::move(passed);
}

void Entry::remove() {
  const std::string gone = text::join(".gone-", id());
  const sys::SysStatus moved = sys::rename_at(store_.borrow(), id().c_str(), store_.borrow(), gone.c_str());
  if (!moved.ok() && moved.err() != ENOENT) throw Error(ErrorKind::Kernel, text::join("remove ", path_), moved.err());
  remove_layer(directory_.borrow(), path_);
  for (const sys::DirEntry& file : sys::list_dir(directory_.borrow()).or_throw("list ", path_)) {
    const sys::SysStatus unlinked = sys::unlink_at(directory_.borrow(), file.name.c_str());
    if (!unlinked.ok() && unlinked.err() != ENOENT)
      throw Error(ErrorKind::Kernel, text::join("remove ", path_, "/", file.name), unlinked.err());
  }
  const sys::SysStatus removed = sys::unlink_at(store_.borrow(), gone.c_str(), AT_REMOVEDIR);
  if (!removed.ok() && removed.err() != ENOENT) throw Error(ErrorKind::Kernel, text::join("remove ", path_), removed.err());
}

}  // namespace caisson::life
