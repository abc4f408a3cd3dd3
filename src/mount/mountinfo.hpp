// /proc/PID/mountinfo as values: man 5 proc_pid_mountinfo. Pure. Octal escapes are undone; a line that is not in the format is
// an error of the document (ErrorKind::Host), never skipped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::mount {

struct MountInfo {
  std::uint64_t id = 0, parent = 0;
  std::uint32_t major = 0, minor = 0;
  std::string root, mount_point, options;
  std::optional<std::uint64_t> shared, master, propagate_from;  // peer groups
  bool unbindable = false;
  std::string type, source, super_options;
};

std::vector<MountInfo> parse_mountinfo(std::string_view text);
// "shared:5 master:2", "unbindable"; "private" if there is none.
std::string propagation_of_mount(const MountInfo& mount);

}  // namespace caisson::mount
