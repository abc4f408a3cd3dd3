// Several programs below one PID 1 (`caisson run --service`), as the trampoline gets them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace caisson::plan {

enum class ServiceRestart : std::uint8_t { Never, OnFailure, Always };
// When the container ends: with the last service, the first, or a certain one.
enum class EndsWith : std::uint8_t { All, First, One };

struct ServicePlan {
  std::string name, directory;
  std::vector<std::string> args, env;  // env: in place of the container's variables of the same names
  std::vector<std::uint32_t> after;    // places of services before it
  bool switches_user = false;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  int stop_signal = 0;
  std::uint32_t stop_timeout_ms = 0;
  ServiceRestart restart = ServiceRestart::Never;
  std::uint32_t most_restarts = 0;
};

struct ServicesPlan {
  std::vector<ServicePlan> all;  // in their order
  EndsWith ends_with = EndsWith::All;
  std::uint32_t last = 0;  // One: its place

  bool empty() const noexcept { return all.empty(); }
};

}  // namespace caisson::plan
