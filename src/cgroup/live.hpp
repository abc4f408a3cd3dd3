// The cgroups of an existing container, by the places its record names: who is in them, signals to all of them, frozen or
// not, out-of-memory kills, removal. Places that are gone count as empty: every function can be repeated.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "base/error.hpp"
#include "cgroup/place.hpp"

namespace caisson::cgroup {

// Removes one cgroup; EBUSY is tried again with doubling pauses for about a second. A cgroup that is not there is removed.
sys::SysStatus remove_tree(const Place& place);   // with everything below it, deepest first
sys::SysStatus remove_level(const Place& place);  // once, and only if nothing is below it

class LiveCgroup {
 public:
  // v2 first, as CgroupGuard::places() gives them.
  explicit LiveCgroup(std::vector<Place> places) : places_(std::move(places)) {}

  const std::vector<Place>& places() const noexcept { return places_; }
  // Every process in the cgroups and their sub-cgroups, ascending, each once.
  std::vector<pid_t> pids() const;
  // SIGKILL: cgroup.kill where there is one (v2, 5.14), else in rounds until nobody is left or two seconds passed. Others reach
  // every process once. Processes are frozen meanwhile where a freezer exists, and thawed on every way out; a cgroup that was
  // frozen before stays frozen, except for SIGKILL on v1, which needs the thaw to take effect.
  void signal_all(int signal) const;
  bool is_frozen() const;
  // Waits until the kernel confirms. Throws Error(Host) when no hierarchy of the container has a freezer.
  void freeze() const;
  void thaw() const;
  // Number of processes killed for lack of memory; 0 where no memory controller counts.
  std::uint64_t oom_kills() const;
  // Whether the last process left within the time.
  bool wait_empty(unsigned milliseconds) const;
  // Removes all places with all sub-cgroups.
  ErrorList remove() const;

 private:
  const Place* freezer() const noexcept;
  void set_frozen(const Place& place, bool frozen) const;

  std::vector<Place> places_;
};

}  // namespace caisson::cgroup
