// What the life cycle does at the moments that only the launch knows. Calls come in this order; each at most once, but for the
// last two.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "sys/fd.hpp"

namespace caisson::launch {

class LaunchObserver {
 public:
  virtual ~LaunchObserver() = default;
  // The process exists and waits for nothing yet: write the record. pid: as seen by the runtime.
  virtual void process_made(pid_t pid) = 0;
  // The mounts are made: prestart and createRuntime hooks. network: the namespace that the process stands in, of a container
  // that awaits its network and has rights over it.
  virtual void runtime_hooks(sys::UniqueFd network) = 0;
  // Where everything that the container writes goes (mount::HostView::stage).
  virtual void stage(sys::UniqueFd) {}
  virtual void console(sys::UniqueFd master, unsigned number) = 0;
  virtual void seccomp_listener(sys::UniqueFd listener) = 0;
  // Something that the user should know and that is no failure: a part of the host view that could only be shown read-only.
  virtual void note(std::string_view sentence) = 0;
  // A step of the first process ended (only with LaunchOptions::report_steps).
  virtual void step(std::string_view name, std::uint64_t begin_ns, std::uint64_t end_ns) = 0;
};

}  // namespace caisson::launch
