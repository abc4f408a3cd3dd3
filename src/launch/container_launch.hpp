// Making a container's first process: the parent's side. The only code, with exec_launch, that clones a container process.
// Until it is released, the process ends with the Launch object: an error anywhere leaves nothing running.
#pragma once

#include "cgroup/guard.hpp"
#include "launch/init_context.hpp"
#include "launch/launched_process.hpp"
#include "plan/plan.hpp"
#include "sys/process.hpp"

namespace caisson::launch {

class Launch : public LaunchedProcess {
 public:
  // Opens what the plan names; nothing is changed yet. plan must outlive the object.
  Launch(const plan::Plan& plan, LaunchOptions options);
  ~Launch() { end(); }

  // Clones, and goes on until the child has all that it needs from us and may run its payload.
  void begin(const cgroup::CgroupGuard& cgroups, LaunchObserver& observer);
  // Waits until the trampoline waits for `start`, or the payload runs; throws the child's failure.
  void finish(LaunchObserver& observer);

 private:
  void give_what_it_needs(const cgroup::CgroupGuard& cgroups, LaunchObserver& observer);
  void open_sources();
  void build_trampoline();
  void clone_child(const cgroup::CgroupGuard& cgroups);
  static void first_process_main(void* launch) noexcept;
  void run_stage(const cgroup::CgroupGuard& cgroups);
  void make_network();
  void map_ids_on_demand(LaunchObserver& observer);

  const plan::Plan& plan_;
  LaunchOptions options_;
  Begin child_begins_ = Begin::AtOnce;
  const cgroup::CgroupGuard* groups_ = nullptr;  // of begin()
};

}  // namespace caisson::launch
