// What the steps of a container's first process share: the plan and the few descriptors that the process owns.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cgroup/guard.hpp"
#include "launch/channel.hpp"
#include "mount/attach.hpp"
#include "ns/join.hpp"
#include "plan/plan.hpp"
#include "plan/steps.hpp"
#include "spec/state.hpp"
#include "sys/fd.hpp"
#include "sys/proc_handle.hpp"
#include "sys/root_dir.hpp"

namespace caisson::launch {

// For every process that becomes a payload, of create and of exec.
struct ProcessStage {
  const plan::ProcessPlan& plan;
  const Channel& channel;
  const sys::ProcHandle& proc;  // the host's procfs, from before any mount of the container
  sys::BorrowedFd trampoline;
  std::vector<sys::BorrowedFd> kept;  // besides 0, 1, 2 and the preserved ones: what the trampoline needs
  sys::RootDir root;                  // of the container, once it is known
  sys::UniqueFd null_device;          // /dev/null of the container, if it is known to be that
  std::string executable;             // found by find_executable
};

// Of trees on the host, not attached yet.
struct MountCopies {
  std::vector<mount::BindSource> sources;  // one for each mount of the plan, invalid where it is no bind; or empty
  std::vector<sys::MountFd> device_nodes;
  sys::MountFd rootfs, layer;  // invalid: the child opens it
};

// What the runtime opened before the clone. A child only borrows from it: both may stand in the same memory. The copies are
// taken over by a child that has a memory of its own; for another there are none.
struct Opened {
  sys::ProcHandle proc;
  std::vector<ns::OpenNamespace> joined;
  MountCopies copies;
  sys::UniqueFd trampoline, start_listener, services_page;
  std::atomic<std::uint32_t>* progress = nullptr;  // [0]: the step that began last; [1]: stage.cpp
  bool labels_need_proc = false;                   // the trampoline writes labels through proc
};

// Whether the child has to wait for its id maps before it does anything.
enum class Begin : std::uint8_t { AtOnce, WhenTold };

struct LaunchOptions {
  sys::UniqueFd services_page;   // of a plan with services
  sys::UniqueFd start_listener;  // invalid: the payload starts at once
  spec::State state;             // for createContainer and startContainer hooks, without status and pid
  bool report_steps = false;
  const cgroup::CgroupGuard* device_limits = nullptr;  // what the first process has to put in force; null: nothing
};

struct InitContext {
  const plan::Plan& plan;
  const Opened& opened;
  MountCopies copies;
  ProcessStage process;
  Begin begin = Begin::AtOnce;
  const cgroup::CgroupGuard* groups = nullptr;  // those of version 1 it enters by itself; null: it was born in them
  const LaunchOptions& options;                 // its state is for createContainer hooks; the process fills in its pid
  bool network_joined = false;
  std::uint64_t entered = 0;  // CLONE_NEW* of what its parent has joined for it
  sys::UniqueFd stage;        // of a view whose changes somebody may ask for (mount::HostView)
  std::vector<std::pair<std::size_t, sys::MountFd>> sealed_at_end;  // index in plan.mounts
};

}  // namespace caisson::launch
