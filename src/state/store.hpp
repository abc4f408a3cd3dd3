// The directory of all containers of one user and the directory of each: <root>/<id>/{intent.json,state.json,start.sock}.
// Both are 0700 and belong to the caller; a root that is a symbolic link or somebody else's is refused. Everything is reached
// by descriptor. Files appear whole (written aside, then renamed) and are not synced: after power loss nothing runs any more.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "state/record.hpp"
#include "sys/fd.hpp"

namespace caisson::state {

inline constexpr const char* kIntentFile = "intent.json";
inline constexpr const char* kRecordFile = "state.json";
inline constexpr const char* kStartSocket = "start.sock";  // exists: created and not yet started
inline constexpr std::size_t kMaxRecordSize = std::size_t{16} << 20;
inline constexpr std::size_t kMaxIdLength = 255;

// Throws Error(Usage) `invalid container ID format: "x"` unless [A-Za-z0-9_+-][A-Za-z0-9_+.-]*, at most 255 bytes.
void check_container_id(std::string_view id);

enum class LockWait : std::uint8_t { Wait, Try };

// Open directory of one container; holds its lock when asked to.
class ContainerDir {
 public:
  const std::string& id() const noexcept { return id_; }
  sys::BorrowedFd directory() const noexcept { return directory_.borrow(); }
  const std::string& path() const noexcept { return path_; }  // for messages and for socket addresses

  // flock(2) on the directory until this object is destroyed. Try: Error(State) when somebody else has it. After waiting, the
  // directory may have been deleted by the other: then Error(State) "container does not exist".
  void lock(LockWait wait = LockWait::Wait);

  void write_intent(const Intent& intent);
  void write_record(const Record& record);
  // Nothing when the file is not there (or the intent is still empty); Error(State) when it cannot be understood.
  std::optional<Intent> read_intent() const;
  std::optional<Record> read_record() const;
  bool start_pending() const;  // start.sock is there
  // start.sock first, the record last; can be repeated after any interruption.
  void remove();

 private:
  friend class StateRoot;
  ContainerDir(std::string id, std::string path, sys::UniqueFd root, sys::UniqueFd directory);

  std::string id_, path_;
  sys::UniqueFd root_, directory_;
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
  ContainerDir create(std::string_view id) const;
  // Error(State) "container does not exist".
  ContainerDir open_container(std::string_view id) const;
  std::optional<ContainerDir> find(std::string_view id) const;
  // Sorted by id; a broken entry is listed with its problem.
  std::vector<Entry> list() const;

 private:
  StateRoot(std::string path, sys::UniqueFd directory) : path_(std::move(path)), directory_(std::move(directory)) {}
  std::string path_;
  sys::UniqueFd directory_;
};

[[noreturn]] void throw_container_missing(std::string_view id);

}  // namespace caisson::state
