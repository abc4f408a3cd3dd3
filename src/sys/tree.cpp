#include "sys/tree.hpp"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "sys/call.hpp"
#include "sys/directory_reader.hpp"
#include "sys/file.hpp"

namespace caisson::sys {
namespace {

constexpr std::size_t kLongestAttribute = 65536;  // XATTR_SIZE_MAX, and XATTR_LIST_MAX

// What can be removed at once goes; the first directory that holds something is the next level.
SysStatus empty_until_directory(BorrowedFd dir, std::string& inner) noexcept {
  inner.clear();
  if (const SysStatus back = rewind(dir); !back.ok()) return back;
  std::array<char, 8192> buffer;
  DirectoryReader reader(dir, buffer);
  for (;;) {
    const auto name = reader.next();
    if (!name.ok()) return SysStatus::failed(name.err());
    if (name.value().empty()) return Unit{};
    SysStatus gone = unlink_at(dir, name.value().data());
    if (gone.err() == EISDIR || gone.err() == EPERM) gone = unlink_at(dir, name.value().data(), AT_REMOVEDIR);
    if (gone.ok() || gone.err() == ENOENT) continue;
    if (gone.err() != ENOTEMPTY && gone.err() != EEXIST) return gone;
    inner = name.value();
    return Unit{};
  }
}

SysResult<UniqueFd> open_dir(BorrowedFd dir, const char* name) noexcept {
  return open_at(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

}  // namespace

SysStatus set_times_at(BorrowedFd dir, const char* path, FileTime time) noexcept {
  const std::array<timespec, 2> times{
      {{time.seconds, static_cast<long>(time.nanoseconds)}, {time.seconds, static_cast<long>(time.nanoseconds)}}};
  if (*path == '\0') return status_of(call(SYS_utimensat, dir.get(), nullptr, times.data(), 0));
  return status_of(call(SYS_utimensat, dir.get(), path, times.data(), AT_SYMLINK_NOFOLLOW));
}

SysResult<FileTime> modification_time_at(BorrowedFd dir, const char* path) noexcept {
  struct statx raw {};
  const long result = call(SYS_statx, dir.get(), path, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, STATX_MTIME, &raw);
  if (result < 0) return SysResult<FileTime>::failed(static_cast<int>(-result));
  return FileTime{raw.stx_mtime.tv_sec, raw.stx_mtime.tv_nsec};
}

SysStatus link_at(BorrowedFd from_dir, const char* from, BorrowedFd to_dir, const char* to) noexcept {
  return status_of(call(SYS_linkat, from_dir.get(), from, to_dir.get(), to, 0));
}

SysResult<std::size_t> read_at(BorrowedFd fd, void* buffer, std::size_t size, std::uint64_t offset) noexcept {
  return result_of<std::size_t>(retry_eintr([&] { return call(SYS_pread64, fd.get(), buffer, size, offset); }));
}

SysStatus set_position(BorrowedFd file, std::uint64_t offset) noexcept {
  return status_of(call(SYS_lseek, file.get(), offset, SEEK_SET));
}

SysResult<std::uint64_t> next_data(BorrowedFd file, std::uint64_t offset) noexcept {
  return result_of<std::uint64_t>(call(SYS_lseek, file.get(), offset, SEEK_DATA));
}

SysResult<std::uint64_t> next_hole(BorrowedFd file, std::uint64_t offset) noexcept {
  return result_of<std::uint64_t>(call(SYS_lseek, file.get(), offset, SEEK_HOLE));
}

SysResult<std::uint64_t> free_bytes(BorrowedFd fd) noexcept {
  struct statfs raw {};
  const long result = call(SYS_fstatfs, fd.get(), &raw);
  if (result < 0) return SysResult<std::uint64_t>::failed(static_cast<int>(-result));
  return static_cast<std::uint64_t>(raw.f_bavail) * static_cast<std::uint64_t>(raw.f_bsize);
}

SysStatus sync_filesystem(BorrowedFd fd) noexcept { return status_of(call(SYS_syncfs, fd.get())); }

SysResult<std::vector<std::string>> list_extended_attributes(const char* path) noexcept {
  using Names = std::vector<std::string>;
  long size = call(SYS_llistxattr, path, nullptr, 0);
  if (size < 0) return SysResult<Names>::failed(static_cast<int>(-size));
  if (size == 0) return Names{};
  std::string list(kLongestAttribute, '\0');
  size = call(SYS_llistxattr, path, list.data(), list.size());
  if (size < 0) return SysResult<Names>::failed(static_cast<int>(-size));
  list.resize(static_cast<std::size_t>(size));
  Names names;
  for (const std::string_view name : text::split(list, '\0'))
    if (!name.empty()) names.emplace_back(name);
  return names;
}

SysResult<std::string> read_extended_attribute(const char* path, const char* name) noexcept {
  std::string value(kLongestAttribute, '\0');
  const long size = call(SYS_lgetxattr, path, name, value.data(), value.size());
  if (size < 0) return SysResult<std::string>::failed(static_cast<int>(-size));
  value.resize(static_cast<std::size_t>(size));
  return value;
}

std::string path_below(BorrowedFd dir, std::string_view name) { return text::join("/proc/self/fd/", dir.get(), "/", name); }

SysStatus remove_tree(BorrowedFd dir, const char* name) noexcept {
  SysStatus gone = unlink_at(dir, name);
  if (gone.err() == EISDIR || gone.err() == EPERM) gone = unlink_at(dir, name, AT_REMOVEDIR);
  if (gone.err() != ENOTEMPTY && gone.err() != EEXIST) return gone;
  // One descriptor, since a path may be deeper than a process may have open: the way back is "..".
  std::vector<std::string> names;
  std::string inner = name;
  auto current = open_dir(dir, name);
  while (current.ok()) {
    names.push_back(inner);
    SysStatus emptied = empty_until_directory(current.value().borrow(), inner);
    for (; emptied.ok() && inner.empty() && names.size() > 1; names.pop_back()) {
      current = open_dir(current.value().borrow(), "..");
      if (!current.ok()) return SysStatus::failed(current.err());
      if (gone = unlink_at(current.value().borrow(), names.back().c_str(), AT_REMOVEDIR); !gone.ok()) return gone;
      emptied = empty_until_directory(current.value().borrow(), inner);
    }
    if (!emptied.ok()) return emptied;
    if (inner.empty()) return unlink_at(dir, name, AT_REMOVEDIR);
    current = open_dir(current.value().borrow(), inner.c_str());
  }
  return SysStatus::failed(current.err());
}

}  // namespace caisson::sys
