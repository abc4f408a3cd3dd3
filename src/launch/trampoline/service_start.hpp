// From PID 1 to a service: a child of its own session, with its user, directory and environment.
#pragma once

#include "launch/trampoline/config.hpp"

namespace caisson::launch {

// Where the start of a service stopped, and why.
struct ServiceFailure {
  int32_t errno_value = 0;
  uint32_t step = 0;  // index in kServiceSteps
};
inline constexpr const char* kServiceSteps[] = {
    "make a process",  "make a pipe",         "open /dev/null", "connect its output",
    "become its user", "enter its directory", "execute "};
enum class ServiceStep : uint32_t { Process, Pipe, Null, Output, User, Directory, Execute };

struct ServiceStart {
  const Config& config;
  const TrampolineService& service;
  char** envp;       // of the container; what the service has of its own counts more
  int outputs[2];    // for 1 and 2
  uint64_t signals;  // mask for it
};

// The pid, or 0 with the reason. Waits until the program runs.
long start_service(const ServiceStart& start, ServiceFailure& failure) noexcept;

}  // namespace caisson::launch
