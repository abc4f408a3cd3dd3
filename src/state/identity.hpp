// Which process a record means: pid, start time (field 22 of /proc/PID/stat) and boot id together; a pid alone is reused.
// Signals and namespaces are reached only through a Pidfd that was verified after it was opened.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sys/fd.hpp"

namespace caisson::state {

struct Identity {
  pid_t pid = 0;
  std::uint64_t start_time = 0;  // clock ticks since boot
  std::string boot_id;
  bool operator==(const Identity&) const = default;
};

// Throws Error(Kernel) when the process is already gone.
Identity identify(pid_t pid, std::string_view boot_id);
// Nothing when that process is gone, is a zombie, is another one under the same pid, or lived before the last boot.
std::optional<sys::Pidfd> open_verified(const Identity& identity, std::string_view current_boot_id);

}  // namespace caisson::state
