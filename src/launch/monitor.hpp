// A detached container's keeper: one process that in turn is the runtime, which builds the container and cleans up after it,
// and the monitor (monitor/main.cpp), the few pages that wait in between. It keeps its pid over all of that, so that it stays
// the parent of the container's first process.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "launch/channel.hpp"
#include "sys/fd.hpp"

namespace caisson::launch {

// The number that the lock of the exit file has in the runtime that a monitor has executed.
inline constexpr int kPassedExitFile = 3;
// The number that the stage of the container (mount::HostView) has in its monitor, for whoever wants to see what it changed.
inline constexpr int kHeldStage = 4;

struct MonitorOrders {
  sys::BorrowedFd directory, exit_file;
  std::optional<sys::BorrowedFd> process;        // of the container's first process; none: only wait
  std::optional<sys::BorrowedFd> output, error;  // read ends, non-blocking
  std::optional<sys::BorrowedFd> channel;        // who waits until the monitor runs
  std::optional<sys::BorrowedFd> listener;       // where clients attach (monitor/attach.hpp)
  std::optional<sys::BorrowedFd> input;          // what they write to
  std::optional<sys::BorrowedFd> stage;          // of the container
  std::vector<sys::BorrowedFd> held;             // locks; stay open as long as the monitor
  std::uint32_t run = 0, delay_ms = 0, log_files = 1;
  std::uint64_t log_most_bytes = 0;
  std::string title;                   // what ps(1) shows
  std::vector<std::string> arguments;  // of the runtime afterwards, with its name
};

// Becomes the monitor; comes back by an exception only.
[[noreturn]] void become_monitor(const MonitorOrders& orders);

// Runs `keep` in a process of its own: without the caller's terminal, in a session of its own, in /. It ends in become_monitor
// with the channel that it is given; returns when the monitor runs, and throws what `keep` threw.
void start_keeper(const std::function<void(const Channel&)>& keep);

// Descriptors 0, 1 and 2 of the caller, each only where it is given; /dev/null else.
struct StandardStreams {
  std::optional<sys::BorrowedFd> output, error, input;
};
void redirect_streams(const StandardStreams& streams);

}  // namespace caisson::launch
