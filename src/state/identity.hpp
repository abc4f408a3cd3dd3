// Which process a record means: a pid alone is reused. With it stand the boot id and what no other process of that boot has:
// the inode of its pidfd (pidfs, 6.9) or, on an older kernel, its start time, field 22 of /proc/PID/stat. Signals and
// namespaces are reached only through a Pidfd that was verified after it was opened.
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
  std::uint64_t inode = 0;       // of its pidfd; 0: by the start time
  std::uint64_t start_time = 0;  // clock ticks since boot; 0: by the inode
  std::string boot_id;
  bool operator==(const Identity&) const = default;
};

// process: the one with that pid. Throws Error(Kernel) when it has been reaped.
Identity identify(pid_t pid, const sys::Pidfd& process, std::string_view boot_id);
// The same for a pid that cannot become another process meanwhile: the caller's own, or that of a child it has not reaped.
Identity identify(pid_t pid, std::string_view boot_id);
// Nothing when that process is gone, is a zombie, is another one under the same pid, or lived before the last boot.
std::optional<sys::Pidfd> open_verified(const Identity& identity, std::string_view current_boot_id);
// Whether such a process has executed a program: until then its namespaces and its root are not what they will be, and nobody
// may follow it there. Nothing when it has ended; true where /proc hides it. Throws Error(Kernel) when it cannot be read.
std::optional<bool> has_executed(const Identity& identity, const sys::Pidfd& process);

}  // namespace caisson::state
