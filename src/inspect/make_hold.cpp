#include "inspect/make_hold.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "inspect/hold.hpp"
#include "inspect/own_directory.hpp"
#include "inspect/taken_name.hpp"
#include "launch/holder.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

constexpr mode_t kRecordMode = 0600;
constexpr const char* kNewRecord = ".new";
constexpr const char* kReplacedRecord = ".old";
constexpr int kMostEndMs = 10'000;

// A record of a directory that is locked, until it is whole.
class NewRecord {
 public:
  explicit NewRecord(sys::BorrowedFd directory) : directory_(directory) {
    // Of one that was killed: its holder ends by itself.
    static_cast<void>(sys::unlink_at(directory, kNewRecord));
    file_ = sys::open_at(directory, kNewRecord, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, kRecordMode).or_throw("make a record");
  }
  NewRecord(const NewRecord&) = delete;
  NewRecord& operator=(const NewRecord&) = delete;
  ~NewRecord() {
    if (!name_.empty()) static_cast<void>(sys::unlink_at(directory_, name_.c_str()));
  }

  sys::BorrowedFd borrow() const noexcept { return file_.borrow(); }
  void lock() { sys::lock_file(borrow(), LOCK_EX).or_throw("lock the record"); }
  void publish(const Hold& hold) {
    sys::write_full(borrow(), to_json(hold)).or_throw("write the record");
    sys::rename_at(directory_, kNewRecord, directory_, hold.name.c_str()).or_throw("name the record ", hold.name);
    name_ = hold.name;
  }
  void commit() noexcept { name_.clear(); }

 private:
  sys::BorrowedFd directory_;
  sys::UniqueFd file_;
  std::string name_ = kNewRecord;
};

void end_holder(const Hold& hold, const sys::Pidfd& holder) {
  const auto sent = sys::send_signal(holder, SIGKILL);
  if (!sent.ok() && sent.err() != ESRCH)
    throw Error(ErrorKind::Kernel, text::join("end process ", hold.holder.pid, ", which holds ", text::quoted(hold.name)),
                sent.err());
  if (sys::wait_readable(holder.borrow(), kMostEndMs).or_throw("wait for the holder") == sys::Readiness::TimedOut)
    throw Error(ErrorKind::Host,
                text::join("process ", hold.holder.pid, ", which holds ", text::quoted(hold.name), ", does not end"));
}

// The holder of a record that another one has replaced, also when whoever replaced it was killed before he had ended it. A
// record that still has its own name was not replaced after all.
void end_replaced(sys::BorrowedFd directory) {
  const auto status = sys::status_at(directory, kReplacedRecord);
  if (!status.ok()) return;
  if (status.value().links == 1) {
    Hold hold = parse_hold(sys::read_file(directory, kReplacedRecord).or_throw("read the record of a hold that was replaced"));
    hold.name = kReplacedRecord;
    end_holder(hold, open_holder(hold));
  }
  sys::unlink_at(directory, kReplacedRecord).or_throw("remove the record of a hold that was replaced");
}

void remove_stale(sys::BorrowedFd directory) {
  for (const sys::DirEntry& entry : sys::list_dir(directory).or_throw("list the records of holds")) {
    const auto file = sys::open_at(directory, entry.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!file.ok() || !sys::lock_file(file.value().borrow(), LOCK_SH | LOCK_NB).ok()) continue;
    static_cast<void>(sys::unlink_at(directory, entry.name.c_str()));
  }
  end_replaced(directory);
}

// What ps(1) shows.
std::string title_of(const std::string& name, const std::vector<ChosenNamespace>& chosen) {
  std::string kinds;
  for (const ChosenNamespace& one : chosen) kinds += text::join(" ", ns::kind_of(one.type).proc);
  return text::join("caisson: hold ", name, ":", kinds);
}

// A second name for the record, by which its holder can be ended when the first is another's.
void keep_replaced(sys::BorrowedFd directory, const std::string& name) {
  const auto record = sys::open_at(directory, name.c_str(), O_RDONLY | O_NOFOLLOW).or_throw("open the record of ", name);
  sys::link_file(record.borrow(), directory, kReplacedRecord).or_throw("give the record of ", name, " a second name");
}

pid_t start(sys::BorrowedFd directory, const std::string& name, const std::vector<ChosenNamespace>& chosen) {
  NewRecord record(directory);
  record.lock();
  std::vector<sys::BorrowedFd> held;
  Hold hold{.name = name, .holder = {}, .pid_namespace = own_pid_namespace(), .namespaces = {}};
  for (const ChosenNamespace& one : chosen) {
    hold.namespaces.push_back({one.type, one.inode, launch::kFirstHeld + static_cast<int>(held.size())});
    held.push_back(one.fd.borrow());
  }
  held.push_back(record.borrow());
  launch::Holder holder(held, title_of(name, chosen));
  hold.holder = state::identify(holder.pid(), host::read_boot_id());
  record.publish(hold);
  holder.release();
  record.commit();
  return holder.pid();
}

std::vector<ChosenNamespace> open_others(const Hold& hold, const std::vector<ns::Type>& types) {
  std::vector<ChosenNamespace> others;
  for (const HeldNamespace& held : hold.namespaces)
    if (std::ranges::find(types, held.type) == types.end()) others.push_back({held.type, held.inode, open_held(hold, held)});
  return others;
}

// There is a holder at every moment.
void replace(sys::BorrowedFd directory, const std::string& name, const std::vector<ChosenNamespace>& others) {
  keep_replaced(directory, name);
  try {
    static_cast<void>(start(directory, name, others));
  } catch (const Error&) {
    static_cast<void>(sys::rename_at(directory, kReplacedRecord, directory, name.c_str()));
    static_cast<void>(sys::unlink_at(directory, kReplacedRecord));
    throw;
  }
  end_replaced(directory);
}

}  // namespace

pid_t make_hold(const std::string& state_root, const std::string& name, const std::vector<ChosenNamespace>& chosen) {
  const sys::UniqueFd lock = lock_names(state_root);
  try {
    const sys::UniqueFd directory = make_own_directory(state_root, kHoldsFolder);
    remove_stale(directory.borrow());
    refuse_taken(state_root, name, chosen, PinnedBy::Holder);
    return start(directory.borrow(), name, chosen);
  } catch (const Error&) {
    remove_empty_holds(state_root);
    throw;
  }
}

void sweep_holds(const std::string& state_root) {
  if (const auto directory = find_own_directory(state_root, kHoldsFolder)) remove_stale(directory->borrow());
  remove_empty_holds(state_root);
}

void end_hold(const std::string& state_root, const std::string& name, const std::vector<ns::Type>& types) {
  const auto directory = find_own_directory(state_root, kHoldsFolder);
  if (!directory) return;
  remove_stale(directory->borrow());
  for (const Hold& hold : list_holds(state_root)) {
    if (hold.name != name) continue;
    const sys::Pidfd holder = open_holder(hold);
    const std::vector<ChosenNamespace> others = open_others(hold, types);
    if (others.empty()) {
      end_holder(hold, holder);
      sys::unlink_at(directory->borrow(), name.c_str()).or_throw("remove the record of ", name);
      continue;
    }
    replace(directory->borrow(), name, others);
  }
}

void remove_empty_holds(const std::string& state_root) noexcept {
  static_cast<void>(sys::unlink_at(sys::kCwd, text::join(state_root, "/", kHoldsFolder).c_str(), AT_REMOVEDIR));
}

}  // namespace caisson::inspect
