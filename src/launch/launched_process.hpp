// The runtime's side of a process that it cloned to become a payload, whether a container's first or a later one: what it says,
// how it failed, and its end with this object until it is released.
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "launch/channel.hpp"
#include "launch/init_context.hpp"
#include "launch/launch_observer.hpp"
#include "plan/process_plan.hpp"
#include "sys/process.hpp"
#include "sys/shared_page.hpp"

namespace caisson::launch {

// How messages call the process and its steps.
struct ProcessWords {
  std::string_view subject;                      // "the container's first process"
  std::string_view frame;                        // put around a failure that it reports; empty: none
  std::string_view (*step_name)(std::uint32_t);  // of the number in Opened::progress
};

// Whether a child gets a copy of the runtime's memory or stands in it until it executes (sys/shared_memory_clone.hpp).
enum class ChildMemory : std::uint8_t { Own, Shared };
// Whether any child may: the build can, the runtime is root, and nothing is set that the kernel keeps for all who share a
// memory (oom_score_adj).
bool may_share_memory(const plan::ProcessPlan& plan) noexcept;

class LaunchedProcess {
 public:
  LaunchedProcess(const LaunchedProcess&) = delete;
  LaunchedProcess& operator=(const LaunchedProcess&) = delete;

  // Without waiting: throws a failure that the process has reported, after its end. `ended` tells how it ended.
  void throw_if_failed(const sys::ExitStatus& ended);
  pid_t pid() const noexcept { return pid_; }
  const sys::Pidfd& process() const noexcept { return process_; }
  // The process lives on by itself.
  void release() noexcept { released_ = true; }

 protected:
  LaunchedProcess(ProcessWords words, ChildMemory memory);
  ~LaunchedProcess();
  // Ends the process unless it was released. For the destructor of a derived class whose members the process may be using.
  void end() noexcept;

  // child does not return; it gets `self`, of which it may write nothing in shared memory.
  sys::SysResult<sys::Cloned> make_child(std::uint64_t flags, std::optional<sys::BorrowedFd> group,
                                         void (*child)(void*) noexcept, void* self) noexcept;
  // It exists: from here on it ends with this object, and its end of the channel is closed on this side.
  void adopt(pid_t pid, sys::Pidfd process) noexcept;
  // Handles one message; nothing at the end of the conversation. Throws the failure of the process, or how it died.
  std::optional<Message> hear(LaunchObserver& observer);
  // In a handler of `error`: a process that failed closes its end, and what it said before that is the reason, not our broken
  // pipe. Throws one or the other.
  [[noreturn]] void rethrow_or_its_failure(const Error& error);

  Opened opened_;
  ChannelPair channels_;
  sys::UniqueFd mount_of_child_;  // of the last Message::MountIds

 private:
  Error reported_failure(const Received& received) const;
  [[noreturn]] void throw_death(const sys::ExitStatus& ended) const;

  ProcessWords words_;
  std::array<std::atomic<std::uint32_t>, 2> own_progress_{};
  sys::SharedPage progress_page_;
  sys::Pidfd process_;
  pid_t pid_ = -1;
  ChildMemory memory_;
  bool goes_ahead_ = false, released_ = false;
};

}  // namespace caisson::launch
