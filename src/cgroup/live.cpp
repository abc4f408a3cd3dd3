#include "cgroup/live.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "cgroup/directory.hpp"
#include "sys/process.hpp"

namespace caisson::cgroup {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kFreezePatience = 2'000 * kMillisecond;
constexpr std::uint64_t kKillPatience = 2'000 * kMillisecond;
constexpr int kRemoveTries = 10;

sys::SysResult<sys::UniqueFd> open_parent(const Place& place) {
  const std::size_t slash = place.path.rfind('/');
  return open_place({place.mount_point, slash == std::string::npos ? std::string() : place.path.substr(0, slash), {}});
}

std::string leaf_of(const Place& place) { return place.path.substr(place.path.rfind('/') + 1); }

// Deepest first; the cgroup itself stays.
void remove_below(sys::BorrowedFd parent, const std::string& name) {
  const auto top = open_below(parent, name.c_str());
  if (!top.ok()) return;
  const auto paths = sub_cgroups(top.value().borrow());
  if (!paths.ok()) return;
  for (std::size_t index = paths.value().size(); index-- > 1;)
    static_cast<void>(sys::unlink_at(top.value().borrow(), paths.value()[index].c_str(), AT_REMOVEDIR));
}

// Opens each process first and looks again who is there, so that no reused pid is hit.
sys::SysStatus signal_round(const LiveCgroup& cgroup, int signal) {
  const std::vector<pid_t> before = cgroup.pids();
  std::vector<std::pair<pid_t, sys::Pidfd>> opened;
  sys::SysStatus failure = sys::Unit{};
  const auto send = [&] {
    const std::vector<pid_t> now = cgroup.pids();
    for (const auto& [pid, process] : opened) {
      if (!std::ranges::binary_search(now, pid)) continue;
      const auto sent = sys::send_signal(process, signal);
      if (!sent.ok() && sent.err() != ESRCH) failure = sent;
    }
    opened.clear();
  };
  constexpr std::size_t kBatch = 256;  // descriptors held at a time
  for (const pid_t pid : before) {
    if (pid <= 0) continue;  // outside of our pid namespace
    auto process = sys::open_pidfd(pid);
    if (process.ok()) opened.emplace_back(pid, std::move(process).value());
    if (opened.size() == kBatch) send();
  }
  send();
  return failure;
}

void signal_until_gone(const LiveCgroup& cgroup, int signal) {
  const std::uint64_t deadline = sys::monotonic_ns() + kKillPatience;
  for (std::uint64_t pause = kMillisecond;; pause = std::min(2 * pause, 50 * kMillisecond)) {
    signal_round(cgroup, signal).or_throw("send signal ", signal, " to the processes of the container's cgroup");
    if (cgroup.pids().empty() || sys::monotonic_ns() > deadline) return;
    sys::sleep_ns(pause);
  }
}

}  // namespace

sys::SysStatus remove_level(const Place& place) {
  const auto parent = open_parent(place);
  if (!parent.ok()) return has_gone(parent.err()) ? sys::SysStatus(sys::Unit{}) : sys::SysStatus::failed(parent.err());
  const auto removed = sys::unlink_at(parent.value().borrow(), leaf_of(place).c_str(), AT_REMOVEDIR);
  return has_gone(removed.err()) ? sys::SysStatus(sys::Unit{}) : removed;
}

sys::SysStatus remove_tree(const Place& place) {
  if (place.path.empty()) return sys::SysStatus::failed(EINVAL);  // the root of a hierarchy is nobody's to remove
  const auto parent = open_parent(place);
  if (!parent.ok()) return has_gone(parent.err()) ? sys::SysStatus(sys::Unit{}) : sys::SysStatus::failed(parent.err());
  const std::string name = leaf_of(place);
  std::uint64_t pause = kMillisecond;
  for (int attempt = 1;; ++attempt, pause *= 2) {
    const auto removed = sys::unlink_at(parent.value().borrow(), name.c_str(), AT_REMOVEDIR);
    if (removed.ok() || has_gone(removed.err())) return sys::Unit{};
    if ((removed.err() != EBUSY && removed.err() != EINTR) || attempt == kRemoveTries) return removed;
    remove_below(parent.value().borrow(), name);
    if (attempt > 1) sys::sleep_ns(pause);  // the first time sub-cgroups were probably all that was in the way
  }
}

std::vector<pid_t> LiveCgroup::pids() const {
  std::vector<pid_t> all;
  for (const Place& place : places_) {
    const auto directory = open_place(place);
    if (has_gone(directory.err())) continue;
    if (!directory.ok()) throw Error(ErrorKind::Kernel, text::join("open cgroup ", place.directory()), directory.err());
    collect_pids(directory.value().borrow(), all).or_throw("list the processes of cgroup ", place.directory());
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void LiveCgroup::signal_all(int signal) const {
  const Place* place = freezer();
  if (signal == SIGKILL) {
    for (const Place& each : places_) {
      if (!each.is_v2()) continue;
      const auto directory = open_place(each);
      if (directory.ok() && sys::write_file(directory.value().borrow(), "cgroup.kill", "1").ok() && places_.size() == 1) return;
    }
    // A frozen v1 task dies only when it is thawed; v2 kills frozen ones.
    if (place != nullptr && !place->is_v2() && is_frozen()) {
      signal_round(*this, signal).or_throw("kill the frozen processes of cgroup ", place->directory());
      thaw();
    }
    return signal_until_gone(*this, signal);
  }
  // Frozen meanwhile, so that nobody forks out of the way. Without a freezer new children may be missed.
  const bool freeze_here = place != nullptr && !is_frozen();
  if (freeze_here) freeze();
  try {
    signal_round(*this, signal).or_throw("send signal ", signal, " to the container's cgroup");
  } catch (const Error&) {
    if (freeze_here) thaw();
    throw;
  }
  if (freeze_here) thaw();
}

const Place* LiveCgroup::freezer() const noexcept {
  const Place* v2 = nullptr;
  for (const Place& place : places_) {
    if (place.has_controller("freezer")) return &place;
    if (place.is_v2()) v2 = &place;
  }
  return v2;
}

bool LiveCgroup::is_frozen() const {
  const Place* place = freezer();
  if (place == nullptr) return false;
  const auto directory = open_place(*place);
  return directory.ok() && frozen_in(directory.value().borrow(), place->is_v2());
}

void LiveCgroup::set_frozen(const Place& place, bool frozen) const {
  const auto directory = open_place(place);
  if (has_gone(directory.err()) && !frozen) return;
  if (!directory.ok()) throw Error(ErrorKind::Kernel, text::join("open cgroup ", place.directory()), directory.err());
  const char* file = place.is_v2() ? "cgroup.freeze" : "freezer.state";
  const std::string_view value = place.is_v2() ? (frozen ? "1" : "0") : (frozen ? "FROZEN" : "THAWED");
  sys::write_file(directory.value().borrow(), file, value).or_throw(frozen ? "freeze" : "thaw", " cgroup ", place.directory());
  if (!frozen) return;
  const auto is_confirmed = [&] {
    if (place.is_v2()) return frozen_in(directory.value().borrow(), true);
    return text::trim(sys::read_file(directory.value().borrow(), file).value_or({})) == "FROZEN";
  };
  const std::uint64_t deadline = sys::monotonic_ns() + kFreezePatience;
  for (std::uint64_t pause = kMillisecond / 10; !is_confirmed(); pause = std::min(2 * pause, 10 * kMillisecond)) {
    if (sys::monotonic_ns() > deadline) {
      set_frozen(place, false);
      throw Error(ErrorKind::Kernel, text::join("freeze cgroup ", place.directory(), ": not confirmed within 2 seconds"));
    }
    sys::sleep_ns(pause);
  }
}

void LiveCgroup::freeze() const {
  const Place* place = freezer();
  if (place == nullptr)
    throw Error(ErrorKind::Host, "the container has no cgroup with a freezer")
        .with_hint(
            "an ordinary user gets cgroups only where they are delegated to him, as systemd does it for its users' sessions");
  set_frozen(*place, true);
}

void LiveCgroup::thaw() const {
  if (const Place* place = freezer()) set_frozen(*place, false);
}

std::uint64_t LiveCgroup::oom_kills() const {
  for (const Place& place : places_) {
    if (!place.is_v2() && !place.has_controller("memory")) continue;
    const auto directory = open_place(place);
    if (!directory.ok()) continue;
    const char* file = place.is_v2() ? "memory.events" : "memory.oom_control";
    const auto events = sys::read_file(directory.value().borrow(), file);
    if (events.ok()) return keyed_value(events.value(), "oom_kill");
  }
  return 0;
}

bool LiveCgroup::wait_empty(unsigned milliseconds) const {
  const std::uint64_t deadline = sys::monotonic_ns() + milliseconds * kMillisecond;
  for (std::uint64_t pause = kMillisecond / 4; !pids().empty(); pause = std::min(2 * pause, 50 * kMillisecond)) {
    if (sys::monotonic_ns() > deadline) return false;
    sys::sleep_ns(pause);
  }
  return true;
}

ErrorList LiveCgroup::remove() const {
  ErrorList failures;
  for (const Place& place : places_) {
    const auto removed = remove_tree(place);
    if (!removed.ok())
      failures.add(Error(ErrorKind::Kernel, text::join("remove cgroup ", place.directory()), removed.err())
                       .with_hint("a process may still be in it; delete the container again when it has ended"));
  }
  return failures;
}

}  // namespace caisson::cgroup
