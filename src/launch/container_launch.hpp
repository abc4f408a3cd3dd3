// Making a container's first process: the parent's side. The only code, with exec_launch, that clones a container process.
// Until it is released, the process ends with the Launch object: an error anywhere leaves nothing running.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "cgroup/guard.hpp"
#include "launch/channel.hpp"
#include "launch/init_context.hpp"
#include "plan/plan.hpp"
#include "sys/process.hpp"

namespace caisson::launch {

// What the life cycle does at the moments that only the launch knows. Calls come in this order; each at most once.
class LaunchObserver {
 public:
  virtual ~LaunchObserver() = default;
  // The process exists and waits for nothing yet: write the record. pid: as seen by the runtime.
  virtual void process_made(pid_t pid) = 0;
  // The mounts are made: prestart and createRuntime hooks.
  virtual void runtime_hooks() = 0;
  virtual void console(sys::UniqueFd master, unsigned number) = 0;
  virtual void seccomp_listener(sys::UniqueFd listener) = 0;
  // Something that the user should know and that is no failure: a part of the host view that could only be shown read-only.
  virtual void note(std::string_view sentence) = 0;
  // A step of the first process ended (only with LaunchOptions::report_steps).
  virtual void step(std::string_view name, std::uint64_t begin_ns, std::uint64_t end_ns) = 0;
};

struct LaunchOptions {
  sys::UniqueFd start_listener;  // invalid: the payload starts at once
  spec::State state;             // for createContainer and startContainer hooks, without status and pid
  bool report_steps = false;
};

// How a process that was to become a payload ended up.
enum class Outcome : std::uint8_t { Waiting, Running, Died };

class Launch {
 public:
  // Opens what the plan names; nothing is changed yet. plan must outlive the object.
  Launch(const plan::Plan& plan, LaunchOptions options);
  ~Launch();
  Launch(const Launch&) = delete;
  Launch& operator=(const Launch&) = delete;

  // Clones, and goes on until the child has all that it needs from us and may run its payload.
  void begin(const cgroup::CgroupGuard& cgroups, LaunchObserver& observer);
  // Waits until the trampoline waits for `start`, or the payload runs; throws the child's failure.
  void finish(LaunchObserver& observer);
  // Without waiting: throws a failure that the child has reported, after its end. `ended` tells how it ended.
  void throw_if_failed(const sys::ExitStatus& ended);

  pid_t pid() const noexcept { return pid_; }
  const sys::Pidfd& process() const noexcept { return process_; }
  // The process lives on by itself.
  void release() noexcept { released_ = true; }

 private:
  void give_what_it_needs(const cgroup::CgroupGuard& cgroups, LaunchObserver& observer);
  void open_sources();
  void build_trampoline();
  void clone_child(const cgroup::CgroupGuard& cgroups);
  void run_stage(const cgroup::CgroupGuard& cgroups);
  void make_network();
  // Handles one message; nothing at the end of the conversation.
  std::optional<Message> handle(LaunchObserver& observer);
  [[noreturn]] void throw_death(const sys::ExitStatus& ended) const;

  const plan::Plan& plan_;
  LaunchOptions options_;
  Opened opened_;
  ChannelPair channels_;
  sys::Pidfd process_;
  pid_t pid_ = -1;
  bool goes_ahead_ = false, released_ = false;
};

}  // namespace caisson::launch
