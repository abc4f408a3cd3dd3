// A further process in a running container: joins the namespaces of its first process by pidfd, in the container's cgroup from
// its first instruction on. A plain copy of the runtime, never CLONE_VM: a process inside could trace it (performance.md 4).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "cgroup/place.hpp"
#include "launch/launched_process.hpp"
#include "plan/process_plan.hpp"
#include "sys/process.hpp"

namespace caisson::launch {

struct ExecTarget {
  const sys::Pidfd& init;        // verified to be the container's first process
  std::uint64_t namespaces = 0;  // CLONE_NEW* of all kinds that the container does not share with the runtime
  std::vector<cgroup::Place> cgroups;
  std::string keyring;  // id of the session keyring; empty: keep the caller's
};

class ExecLaunch : public LaunchedProcess {
 public:
  // plan and target must outlive the object.
  ExecLaunch(const plan::ProcessPlan& plan, const ExecTarget& target);

  ~ExecLaunch() { end(); }

  void begin();
  // Until the payload runs; throws the child's failure.
  void finish(LaunchObserver& observer);

 private:
  void clone_child();
  static void child_main(void* launch) noexcept;
  // In the child, which may stand in the runtime's memory: writes none of it.
  [[noreturn]] void child() const noexcept;

  const plan::ProcessPlan& plan_;
  const ExecTarget& target_;
  std::uint64_t entered_ = 0;  // CLONE_NEW* of the namespaces that the runtime has entered already
};

}  // namespace caisson::launch
