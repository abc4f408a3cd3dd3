// The directory of all containers of one user, with one file for each: <root>/<id>. Beside it, while a container waits for
// start, the socket that it listens at: <root>/.start-<inode of the file>. The directory is 0700, the files are 0600, and both
// belong to the caller; a root that is a symbolic link or somebody else's is refused. Everything is reached by descriptor.
// The file only grows (container_file.cpp says how), and is not synced: after power loss nothing runs any more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "state/record.hpp"
#include "sys/fd.hpp"
#include "sys/file.hpp"

namespace caisson::state {

inline constexpr std::size_t kMaxRecordSize = std::size_t{16} << 20;
inline constexpr std::size_t kMaxIntentSize = std::size_t{1} << 20;
inline constexpr std::size_t kMaxIdLength = 255;

// Throws Error(Usage) `invalid container ID format: "x"` unless [A-Za-z0-9_+-][A-Za-z0-9_+.-]*, at most 255 bytes.
void check_container_id(std::string_view id);

enum class LockWait : std::uint8_t { Wait, Try };

// The open file of one container; holds its lock when asked to.
class ContainerFile {
 public:
  const std::string& id() const noexcept { return id_; }
  const std::string& path() const noexcept { return path_; }  // for messages
  sys::BorrowedFd borrow() const noexcept { return file_.borrow(); }

  // flock(2) until this object is destroyed. Try: Error(State) when somebody else has it. After waiting, the container may have
  // been deleted by the other: then Error(State) "container does not exist".
  void lock(LockWait wait = LockWait::Wait);
  void unlock();
  // Waits for it again after unlock(). false: the container was deleted meanwhile.
  bool lock_again();
  // Somebody else has the lock: without a record, whoever makes the container.
  bool in_use_elsewhere() const;

  // Once each, in this order, by the process that made the container.
  void write_intent(const Intent& intent);
  void write_record(const Record& record);
  // Nothing when it has not been written whole; Error(State) when it cannot be understood.
  std::optional<Intent> read_intent() const;
  std::optional<Record> read_record() const;

  // The socket at which the container waits for start: there as long as it does. A name in directory().
  sys::BorrowedFd directory() const noexcept { return root_.borrow(); }
  const std::string& start_socket() const noexcept { return start_socket_; }
  // What PID 1 of a container with services tells about them; gone with the container.
  const std::string& services_page() const noexcept { return services_page_; }
  bool start_pending() const;
  // The socket first, then the file; can be repeated after any interruption.
  void remove();

 private:
  friend class StateRoot;
  ContainerFile(std::string id, std::string path, sys::UniqueFd root, sys::UniqueFd file, const sys::Status& status);
  bool has_its_name() const;
  void append(std::string_view content);
  std::string read_all() const;

  std::string id_, path_, start_socket_, services_page_;
  sys::UniqueFd root_, file_;
  std::uint64_t inode_;
  bool is_regular_;
  bool locked_ = false, removed_ = false;
};

struct Entry {
  std::string id;
  std::string problem;  // not empty: the entry is broken and has no record
  std::optional<Record> record;
  std::optional<Intent> intent;  // only read when there is no record
};

class StateRoot {
 public:
  // Makes the directory (and missing parents, 0711 as /run/user has them) when it is not there.
  static StateRoot open_or_create(std::string_view path);
  // Nothing when there is no such directory: then there are no containers.
  static std::optional<StateRoot> open(std::string_view path);

  const std::string& path() const noexcept { return path_; }
  // Locked. Error(State) `container with given ID already exists: "ID"`.
  ContainerFile create(std::string_view id) const;
  // Error(State) "container does not exist".
  ContainerFile open_container(std::string_view id) const;
  std::optional<ContainerFile> find(std::string_view id) const;
  // Sorted by id; a broken entry is listed with its problem.
  std::vector<Entry> list() const;

 private:
  StateRoot(std::string path, sys::UniqueFd directory) : path_(std::move(path)), directory_(std::move(directory)) {}
  ContainerFile locked_new_file(std::string name, std::string path, sys::UniqueFd file) const;
  ContainerFile opened(std::string name, std::string path, sys::UniqueFd file) const;

  std::string path_;
  sys::UniqueFd directory_;
};

[[noreturn]] void throw_container_missing(std::string_view id);

}  // namespace caisson::state
