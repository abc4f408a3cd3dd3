// Makes the cgroups of a plan and takes them back again unless commit() is called. Only directories that were made here are
// removed, level by level. A target that exists must be empty and thawed (it may be prepared by the caller of the runtime).
#pragma once

#include <sys/types.h>

#include <optional>
#include <vector>

#include "cgroup/plan.hpp"
#include "sys/fd.hpp"
#include "sys/process.hpp"

namespace caisson::cgroup {

// Throws Error(State) when a planned directory already holds processes or is frozen. No side effect: to be called before the
// intent record is written, so that whatever is found in these directories later belongs to the container.
void refuse_occupied(const CgroupPlan& plan);

// The calling process, which must have one thread, enters a cgroup of version 1: by its file `tasks`, since for one thread that
// moves itself the kernel does not lock all thread groups (5.5), for which cgroup.procs waits an RCU grace period, 5 to 15 ms.
void enter_v1_cgroup(sys::BorrowedFd directory, const Place& place);

class CgroupGuard {
 public:
  CgroupGuard() noexcept = default;
  static CgroupGuard create(const CgroupPlan& plan);
  CgroupGuard(CgroupGuard&&) noexcept = default;
  CgroupGuard& operator=(CgroupGuard&&) = delete;
  CgroupGuard(const CgroupGuard&) = delete;
  ~CgroupGuard();

  // The v2 directory for CLONE_INTO_CGROUP; nothing when there is none (then only enter_v1 counts).
  std::optional<sys::BorrowedFd> v2() const noexcept;
  // The calling process enters every v1 hierarchy (enter_v1_cgroup).
  void enter_v1() const;
  // The pid into the v2 directory, for kernels or places that refuse CLONE_INTO_CGROUP.
  void join_v2(pid_t pid) const;
  // Puts the device rules in force: v1 writes, or the program loaded and attached to the v2 directory.
  void limit_devices(const CgroupPlan& plan) const;
  // Whether that happens in one moment, so that a process below may go on meanwhile. Version 1 takes the rules one by one, and
  // would refuse some of the nodes that are being made.
  bool limits_devices_at_once(const CgroupPlan& plan) const noexcept;
  // The directories that exist now, for the record: v2 first.
  std::vector<Place> places() const;
  // The container lives: the destructor leaves everything in place.
  void commit() noexcept { made_.clear(); }
  // Closes the descriptors; nothing can be joined any more.
  void close() noexcept;
  // What the destructor does. false: a directory of the container itself is still there, since somebody put a process into it.
  bool roll_back() noexcept;

 private:
  struct Opened {
    Place place;
    sys::UniqueFd directory;
  };
  void create_place(const Place& place, bool ignore_denied);

  std::optional<Opened> v2_;
  std::vector<Opened> v1_;
  std::vector<Place> made_;  // outermost first
};

}  // namespace caisson::cgroup
