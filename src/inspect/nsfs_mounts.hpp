// The bind mounts of namespace files in a text of /proc/PID/mountinfo. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::inspect {

struct NsfsMount {
  std::string kind;  // as /proc/PID/ns calls it
  std::uint64_t inode = 0;
  std::string path;
};

std::vector<NsfsMount> nsfs_mounts(std::string_view mountinfo);

}  // namespace caisson::inspect
