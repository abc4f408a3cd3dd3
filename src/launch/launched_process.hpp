// The runtime's side of a process that it cloned to become a payload, whether a container's first or a later one: what it says,
// how it failed, and its end with this object until it is released.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "launch/channel.hpp"
#include "launch/init_context.hpp"
#include "launch/launch_observer.hpp"
#include "sys/process.hpp"

namespace caisson::launch {

// How messages call the process and its steps.
struct ProcessWords {
  std::string_view subject;                      // "the container's first process"
  std::string_view frame;                        // put around a failure that it reports; empty: none
  std::string_view (*step_name)(std::uint32_t);  // of the number in Opened::progress
};

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
  explicit LaunchedProcess(ProcessWords words);
  ~LaunchedProcess();

  // It exists: from here on it ends with this object, and its end of the channel is its own.
  void adopt(pid_t pid, sys::Pidfd process) noexcept;
  // Handles one message; nothing at the end of the conversation. Throws the failure of the process, or how it died.
  std::optional<Message> hear(LaunchObserver& observer);
  // In a handler of `error`: a process that failed closes its end, and what it said before that is the reason, not our broken
  // pipe. Throws one or the other.
  [[noreturn]] void rethrow_or_its_failure(const Error& error);

  Opened opened_;
  ChannelPair channels_;

 private:
  Error reported_failure(const Received& received) const;
  [[noreturn]] void throw_death(const sys::ExitStatus& ended) const;

  ProcessWords words_;
  sys::Pidfd process_;
  pid_t pid_ = -1;
  bool goes_ahead_ = false, released_ = false;
};

}  // namespace caisson::launch
