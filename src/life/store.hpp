// The detached containers of one user: a directory with one directory for each, named by its id:
//   record     what is kept (record.hpp); replaced as a whole
//   lock       held (flock) by whoever changes the container
//   exit       how the last run ended; its lock is held by the keeper of the container for as long as that lives
//   log, ...   what the container printed
//   layer      what it has written (layer.hpp)
// Names are unique because they are given under the lock of the whole store. Everything is reached by descriptor; a directory
// that begins with a dot is being made or taken away.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "life/record.hpp"
#include "sys/fd.hpp"

namespace caisson::life {

inline constexpr mode_t kRecordMode = 0600;
inline constexpr std::size_t kMostRecord = std::size_t{4} << 20;

class Entry {
 public:
  Record record;  // as of open, lock or reread

  const std::string& id() const noexcept { return record.id; }
  sys::BorrowedFd directory() const noexcept { return directory_.borrow(); }
  const std::string& path() const noexcept { return path_; }

  // Waits for it, and reads the record again. Throws Error{State} when the container was removed meanwhile.
  void lock();
  void unlock();
  // The lock must be held.
  void save();
  std::optional<Exit> exit() const;
  void write_exit(const Exit& exit);
  bool is_removed() const;
  bool has_keeper() const;
  // Waits until nobody keeps the container; afterwards exit() is what the keeper left, also of a container that was removed.
  void wait_for_keeper() const;
  // The caller keeps the container from here on, as long as it or whoever inherits the descriptor has it open.
  sys::BorrowedFd become_keeper();
  // The same with a descriptor that a monitor has passed on.
  void adopt_keeper(sys::UniqueFd passed);
  // From the listing first, then from the disk. The lock must be held.
  void remove();

 private:
  friend class Store;
  Entry(std::string path, sys::UniqueFd store, sys::UniqueFd directory);
  void open_files();

  std::string path_;
  sys::UniqueFd store_, directory_, lock_, exit_, kept_;
};

class Store {
 public:
  static Store open_or_create(std::string_view path);
  static std::optional<Store> open(std::string_view path);  // nothing: there are no containers

  // Locked. Throws Error{State} when the name is taken.
  Entry create(Record record) const;
  // By name, id, or the beginning of an id that only one has.
  Entry find(std::string_view word) const;
  std::optional<Entry> try_find(std::string_view word) const;  // nothing: there is none
  std::optional<Entry> find_id(std::string_view id) const;
  std::vector<Entry> list() const;  // the newest first; entries that cannot be read are left out
  void rename(Entry& entry, std::string_view name) const;
  // What was being made or taken away when somebody was killed, and directories without a record that can be read. How many.
  std::size_t remove_leftovers() const;

 private:
  Store(std::string path, sys::UniqueFd directory) : path_(std::move(path)), directory_(std::move(directory)) {}
  sys::UniqueFd locked() const;
  void refuse_taken(std::string_view name) const;
  bool is_leftover(const std::string& name) const;
  std::optional<Entry> open_entry(const std::string& id) const;

  std::string path_;
  sys::UniqueFd directory_;
};

[[noreturn]] void throw_unknown(std::string_view word);

// Where the store of a user is: below /var/lib for root, below $XDG_DATA_HOME or ~/.local/share for others, since logs outlive
// a reboot; with a state root of the caller's own beside that. Throws Error{Host} without a home directory.
struct StorePlace {
  std::string given_root;  // --root; empty: none
  uid_t user = 0;
  std::string_view data_home, home;
};
std::string store_path(const StorePlace& place);

}  // namespace caisson::life
