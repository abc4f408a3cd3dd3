// /proc/PID/status as values: who a process is, what it may do. Pure. man 5 proc_pid_status.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::inspect {

// Real, effective, saved, file system.
using FourIds = std::array<std::uint32_t, 4>;

struct CapabilityMasks {
  std::uint64_t effective = 0, permitted = 0, inheritable = 0, bounding = 0, ambient = 0;
  bool operator==(const CapabilityMasks&) const = default;
};

struct StatusFile {
  std::string name;   // of the main thread, with the escapes of the file undone
  std::string state;  // "S (sleeping)"
  pid_t parent = 0;
  unsigned threads = 0;
  FourIds users{}, groups{};
  std::vector<std::uint32_t> supplementary;
  std::vector<pid_t> pids;  // in the caller's pid namespace first, in its own last
  CapabilityMasks capabilities;
  std::optional<bool> no_new_privs;         // 4.10
  std::optional<unsigned> seccomp;          // 0 off, 1 strict, 2 filters; nothing: a kernel without seccomp
  std::optional<unsigned> seccomp_filters;  // 5.9
};

// Throws Error{Host} when a field that every kernel writes is not there or is no number.
StatusFile parse_status(std::string_view text);

}  // namespace caisson::inspect
