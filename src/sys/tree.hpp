// What packing and unpacking a directory tree needs beyond single files: times, hard links, positions, all extended attributes,
// and taking a tree away. Everything acts on one component below a directory that is held, and follows no link.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

struct FileTime {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
};

// Access and modification time of the file itself; an empty path means the descriptor, which must not be O_PATH.
SysStatus set_times_at(BorrowedFd dir, const char* path, FileTime time) noexcept;
SysResult<FileTime> modification_time_at(BorrowedFd dir, const char* path) noexcept;
SysStatus link_at(BorrowedFd from_dir, const char* from, BorrowedFd to_dir, const char* to) noexcept;
// pread(2): the position of the descriptor stays.
SysResult<std::size_t> read_at(BorrowedFd fd, void* buffer, std::size_t size, std::uint64_t offset) noexcept;
// lseek(2), from the beginning: what is left out when it is written there is a hole.
SysStatus set_position(BorrowedFd file, std::uint64_t offset) noexcept;
// lseek(2), SEEK_DATA and SEEK_HOLE: the first place from the offset on, where the file's end is a hole. ENXIO: none, or the
// offset is behind the end. The position becomes that.
SysResult<std::uint64_t> next_data(BorrowedFd file, std::uint64_t offset) noexcept;
SysResult<std::uint64_t> next_hole(BorrowedFd file, std::uint64_t offset) noexcept;
SysStatus sync_filesystem(BorrowedFd fd) noexcept;  // man 2 syncfs
// What an ordinary user may still fill of the file system, in bytes: man 2 fstatfs, f_bavail.
SysResult<std::uint64_t> free_bytes(BorrowedFd fd) noexcept;

// Of "/proc/self/fd/DIR/NAME" and the like: the last component is not followed. EOPNOTSUPP: the filesystem has none.
SysResult<std::vector<std::string>> list_extended_attributes(const char* path) noexcept;
SysResult<std::string> read_extended_attribute(const char* path, const char* name) noexcept;  // of any length
// "/proc/self/fd/DIR/NAME", for calls that know paths only.
std::string path_below(BorrowedFd dir, std::string_view name);

// A file, or a directory with all that is below it. ENOENT when it is not there. Mounts below are not entered: EBUSY.
SysStatus remove_tree(BorrowedFd dir, const char* name) noexcept;

}  // namespace caisson::sys
