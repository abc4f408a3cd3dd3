// Resolution of a path below a directory by hand, one component at a time on O_PATH descriptors: the fallback for kernels and
// seccomp filters without openat2(2), and the only way to create what is missing on the way. Absolute symbolic links, ".." and
// "/" stay below the root, magic links of procfs are refused (ELOOP): the results of RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS.
// A rename that races the walk cannot lead out of the root: ".." goes back to the descriptor that was walked through.
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

enum class WalkCreates : std::uint8_t { Nothing, Directories, File };  // File: directories on the way, then an empty file
enum class WalkCrosses : std::uint8_t { Mounts, NoMount };             // NoMount: EXDEV at a mount point (RESOLVE_NO_XDEV)

struct WalkHow {
  int flags = O_PATH;  // of the final open; O_CREAT is not for here
  WalkCreates creates = WalkCreates::Nothing;
  WalkCrosses crosses = WalkCrosses::Mounts;
  mode_t dir_mode = 0755;
  mode_t file_mode = 0644;
};

SysResult<UniqueFd> walk_in_root(BorrowedFd root, std::string_view path, const WalkHow& how) noexcept;

}  // namespace caisson::sys
