#include "sys/file.hpp"

#include <dirent.h>
#include <sys/file.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "sys/call.hpp"
#include "sys/process.hpp"

namespace caisson::sys {
namespace {

constexpr std::size_t kSmallFile = 1024;
constexpr std::size_t kMostParts = 8;
constexpr std::size_t kLongestPath = 4096;  // PATH_MAX
constexpr std::size_t kSmallTarget = 256;

SysResult<Status> statx_at(BorrowedFd dir, const char* path, int flags) noexcept {
  // statx has no wrapper structure in common between C libraries; the kernel's own is the ABI.
  struct statx raw {};
  const long result = call(SYS_statx, dir.get(), path, AT_SYMLINK_NOFOLLOW | flags, STATX_BASIC_STATS | STATX_MNT_ID, &raw);
  if (result < 0) return SysResult<Status>::failed(static_cast<int>(-result));
  return Status{.mode = raw.stx_mode,
                .uid = raw.stx_uid,
                .gid = raw.stx_gid,
                .inode = raw.stx_ino,
                .device = makedev(raw.stx_dev_major, raw.stx_dev_minor),
                .rdev = makedev(raw.stx_rdev_major, raw.stx_rdev_minor),
                .size = raw.stx_size,
                .mount_id = raw.stx_mnt_id,
                .links = raw.stx_nlink};
}

}  // namespace

SysResult<UniqueFd> open_at(BorrowedFd dir, const char* path, int flags, mode_t mode) noexcept {
  return fd_of<UniqueFd>(retry_eintr([&] { return call(SYS_openat, dir.get(), path, flags | O_CLOEXEC, mode); }));
}

SysResult<UniqueFd> open_at2(BorrowedFd dir, const char* path, abi::OpenHow how) noexcept {
  constexpr std::uint64_t kPatience = 2'000'000;  // the longest wait that other runtimes saw is 0.8 ms
  how.flags |= O_CLOEXEC;
  long result = call(SYS_openat2, dir.get(), path, &how, sizeof how);
  if (result == -EAGAIN || result == -EINTR) {
    const std::uint64_t deadline = monotonic_ns() + kPatience;
    do result = call(SYS_openat2, dir.get(), path, &how, sizeof how);
    while ((result == -EAGAIN || result == -EINTR) && monotonic_ns() < deadline);
  }
  return fd_of<UniqueFd>(result);
}

SysResult<UniqueFd> duplicate(BorrowedFd fd, int lowest) noexcept {
  return fd_of<UniqueFd>(call(SYS_fcntl, fd.get(), F_DUPFD_CLOEXEC, lowest));
}

SysStatus duplicate_onto(BorrowedFd fd, int number) noexcept {
  if (fd.get() == number) return keep_across_exec(fd);
  return status_of(retry_eintr([&] { return call(SYS_dup3, fd.get(), number, 0); }));
}

SysStatus keep_across_exec(BorrowedFd fd) noexcept { return status_of(call(SYS_fcntl, fd.get(), F_SETFD, 0)); }
SysStatus set_close_on_exec(BorrowedFd fd) noexcept { return status_of(call(SYS_fcntl, fd.get(), F_SETFD, FD_CLOEXEC)); }

SysStatus set_nonblocking(BorrowedFd fd, bool on) noexcept {
  const long flags = call(SYS_fcntl, fd.get(), F_GETFL);
  if (flags < 0) return status_of(flags);
  return status_of(call(SYS_fcntl, fd.get(), F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
}

SysStatus close_range(unsigned first, unsigned last, unsigned flags) noexcept {
  return status_of(call(SYS_close_range, first, last, flags));
}

SysStatus close_all_but(std::span<const BorrowedFd> kept) noexcept {
  constexpr unsigned kNone = ~0U;
  for (unsigned first = 0;;) {
    unsigned next = kNone;
    for (const BorrowedFd fd : kept)
      if (fd.get() >= 0 && static_cast<unsigned>(fd.get()) >= first) next = std::min(next, static_cast<unsigned>(fd.get()));
    if (next == kNone) return close_range(first, kNone, 0);
    if (next > first)
      if (auto closed = close_range(first, next - 1, 0); !closed.ok()) return closed;
    first = next + 1;
  }
}

SysResult<std::size_t> read_some(BorrowedFd fd, void* buffer, std::size_t size) noexcept {
  return result_of<std::size_t>(retry_eintr([&] { return call(SYS_read, fd.get(), buffer, size); }));
}

SysResult<std::size_t> write_some(BorrowedFd fd, const void* data, std::size_t size) noexcept {
  return result_of<std::size_t>(retry_eintr([&] { return call(SYS_write, fd.get(), data, size); }));
}

SysStatus write_full(BorrowedFd fd, std::string_view data) noexcept {
  while (!data.empty()) {
    const auto written = write_some(fd, data.data(), data.size());
    if (!written.ok()) return SysStatus::failed(written.err());
    data.remove_prefix(written.value());
  }
  return Unit{};
}

SysStatus write_parts(BorrowedFd fd, std::span<const std::string_view> parts) noexcept {
  iovec vectors[kMostParts];
  if (parts.size() > kMostParts) return SysStatus::failed(EINVAL);
  for (std::size_t i = 0; i < parts.size(); ++i) vectors[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
  const long result = retry_eintr([&] { return call(SYS_writev, fd.get(), vectors, parts.size()); });
  if (result < 0) return status_of(result);
  auto written = static_cast<std::size_t>(result);
  for (const std::string_view part : parts) {
    const std::size_t done = std::min(written, part.size());
    written -= done;
    if (done == part.size()) continue;
    if (auto rest = write_full(fd, part.substr(done)); !rest.ok()) return rest;
  }
  return Unit{};
}

SysStatus cut_file(BorrowedFd file, std::uint64_t length) noexcept {
  return status_of(retry_eintr([&] { return call(SYS_ftruncate, file.get(), length); }));
}

SysStatus rewind(BorrowedFd file) noexcept { return status_of(call(SYS_lseek, file.get(), 0L, SEEK_SET)); }

SysStatus write_once(BorrowedFd fd, std::string_view data) noexcept {
  const auto written = write_some(fd, data.data(), data.size());
  if (!written.ok()) return SysStatus::failed(written.err());
  return written.value() == data.size() ? SysStatus(Unit{}) : SysStatus::failed(EIO);
}

SysResult<std::string> read_full(BorrowedFd fd, std::size_t limit) noexcept {
  // Most files are small, and their text has a home of just its size: a page of the heap that is touched costs a page fault.
  char small[kSmallFile];
  std::string all;
  std::size_t used = 0;
  while (used < sizeof small) {
    const auto got = read_some(fd, small + used, sizeof small - used);
    if (!got.ok()) return SysResult<std::string>::failed(got.err());
    used += got.value();
    if (used > limit) return SysResult<std::string>::failed(EFBIG);
    if (got.value() == 0) return std::string(small, used);
  }
  // A larger file mostly says its size; those of procfs and sysfs say 0 or a page.
  const auto status = status_of_fd(fd);
  const std::size_t said = status.ok() && status.value().is_regular() ? static_cast<std::size_t>(status.value().size) : 0;
  all.reserve(said > used ? std::min(said, limit) + 1 : 2 * used);
  all.assign(small, used);
  all.resize(all.capacity());
  for (;;) {
    if (used == all.size()) all.resize(all.size() * 2);
    const auto got = read_some(fd, all.data() + used, all.size() - used);
    if (!got.ok()) return SysResult<std::string>::failed(got.err());
    if (got.value() == 0) break;
    used += got.value();
    if (used > limit) return SysResult<std::string>::failed(EFBIG);
  }
  all.resize(used);
  return all;
}

SysResult<std::string> read_file(BorrowedFd dir, const char* path, std::size_t limit) noexcept {
  const auto fd = open_at(dir, path, O_RDONLY);
  if (!fd.ok()) return SysResult<std::string>::failed(fd.err());
  return read_full(fd.value().borrow(), limit);
}

SysStatus write_file(BorrowedFd dir, const char* path, std::string_view data) noexcept {
  const auto fd = open_at(dir, path, O_WRONLY);
  if (!fd.ok()) return SysStatus::failed(fd.err());
  return write_once(fd.value().borrow(), data);
}

SysResult<std::string> read_link(BorrowedFd dir, const char* path) noexcept {
  char small[kSmallTarget];
  long length = call(SYS_readlinkat, dir.get(), path, small, sizeof small);
  if (length < 0) return SysResult<std::string>::failed(static_cast<int>(-length));
  if (static_cast<std::size_t>(length) < sizeof small) return std::string(small, static_cast<std::size_t>(length));
  std::string target(kLongestPath, '\0');
  length = call(SYS_readlinkat, dir.get(), path, target.data(), target.size());
  if (length < 0) return SysResult<std::string>::failed(static_cast<int>(-length));
  target.resize(static_cast<std::size_t>(length));
  return target;
}

SysResult<std::string_view> read_file_into(BorrowedFd dir, const char* path, std::span<char> buffer) noexcept {
  const auto fd = open_at(dir, path, O_RDONLY);
  if (!fd.ok()) return SysResult<std::string_view>::failed(fd.err());
  std::size_t used = 0;
  while (used < buffer.size()) {
    const auto got = read_some(fd.value().borrow(), buffer.data() + used, buffer.size() - used);
    if (!got.ok()) return SysResult<std::string_view>::failed(got.err());
    if (got.value() == 0) break;
    used += got.value();
  }
  return std::string_view(buffer.data(), used);
}

SysResult<std::string_view> read_link_into(BorrowedFd dir, const char* path, std::span<char> buffer) noexcept {
  const long length = call(SYS_readlinkat, dir.get(), path, buffer.data(), buffer.size());
  if (length < 0) return SysResult<std::string_view>::failed(static_cast<int>(-length));
  return std::string_view(buffer.data(), static_cast<std::size_t>(length));
}

SysResult<Status> status_at(BorrowedFd dir, const char* path) noexcept { return statx_at(dir, path, 0); }
SysResult<Status> status_of_fd(BorrowedFd fd) noexcept { return statx_at(fd, "", AT_EMPTY_PATH); }

SysResult<long> filesystem_magic(BorrowedFd fd) noexcept {
  struct statfs raw {};
  const long result = call(SYS_fstatfs, fd.get(), &raw);
  if (result < 0) return SysResult<long>::failed(static_cast<int>(-result));
  return static_cast<long>(raw.f_type);
}

SysResult<long> filesystem_magic_at(const char* path) noexcept {
  struct statfs raw {};
  const long result = call(SYS_statfs, path, &raw);
  if (result < 0) return SysResult<long>::failed(static_cast<int>(-result));
  return static_cast<long>(raw.f_type);
}

std::uint64_t device_number(unsigned major_number, unsigned minor_number) noexcept {
  return makedev(major_number, minor_number);
}

SysStatus make_dir(BorrowedFd dir, const char* path, mode_t mode) noexcept {
  return status_of(call(SYS_mkdirat, dir.get(), path, mode));
}
SysStatus make_node(BorrowedFd dir, const char* path, mode_t mode, std::uint64_t device) noexcept {
  return status_of(call(SYS_mknodat, dir.get(), path, mode, device));
}
SysStatus make_symlink(const char* target, BorrowedFd dir, const char* path) noexcept {
  return status_of(call(SYS_symlinkat, target, dir.get(), path));
}
SysStatus unlink_at(BorrowedFd dir, const char* path, int flags) noexcept {
  return status_of(call(SYS_unlinkat, dir.get(), path, flags));
}
SysStatus link_file(BorrowedFd file, BorrowedFd dir, const char* name) noexcept {
  // Not by AT_EMPTY_PATH, which needs a capability.
  constexpr std::string_view kFds = "/proc/self/fd/";
  char path[kFds.size() + 12] = {};
  char* const digits = std::copy(kFds.begin(), kFds.end(), path);
  std::to_chars(digits, path + sizeof path - 1, file.get());
  return status_of(call(SYS_linkat, kCwd.get(), path, dir.get(), name, AT_SYMLINK_FOLLOW));
}
SysStatus rename_at(BorrowedFd from_dir, const char* from, BorrowedFd to_dir, const char* to) noexcept {
  return status_of(call(SYS_renameat2, from_dir.get(), from, to_dir.get(), to, 0));
}
SysStatus change_owner(BorrowedFd fd, uid_t uid, gid_t gid) noexcept {
  return status_of(call(SYS_fchownat, fd.get(), "", uid, gid, AT_EMPTY_PATH));
}
SysStatus change_owner_at(BorrowedFd dir, const char* path, uid_t uid, gid_t gid) noexcept {
  return status_of(call(SYS_fchownat, dir.get(), path, uid, gid, AT_SYMLINK_NOFOLLOW));
}
SysStatus change_mode(BorrowedFd fd, mode_t mode) noexcept { return status_of(call(SYS_fchmod, fd.get(), mode)); }
SysStatus change_mode_at(BorrowedFd dir, const char* path, mode_t mode) noexcept {
  return status_of(call(SYS_fchmodat, dir.get(), path, mode));
}
SysStatus set_extended_attribute(const char* path, const char* name, std::string_view value) noexcept {
  return status_of(call(SYS_lsetxattr, path, name, value.data(), value.size(), 0));
}
SysStatus set_extended_attribute(BorrowedFd fd, const char* name, std::string_view value) noexcept {
  return status_of(call(SYS_fsetxattr, fd.get(), name, value.data(), value.size(), 0));
}
SysStatus sync_file(BorrowedFd fd) noexcept { return status_of(call(SYS_fsync, fd.get())); }
SysStatus lock_file(BorrowedFd fd, int flock_operation) noexcept {
  return status_of(retry_eintr([&] { return call(SYS_flock, fd.get(), flock_operation); }));
}
SysResult<std::string> get_extended_attribute(const char* path, const char* name) noexcept {
  char value[256];
  const long size = call(SYS_lgetxattr, path, name, &value[0], sizeof value);
  if (size < 0) return SysResult<std::string>::failed(static_cast<int>(-size));
  return std::string(value, static_cast<std::size_t>(size));
}
SysStatus check_access(const char* path, int mode) noexcept {
  constexpr int kEffectiveIds = 0x200;  // AT_EACCESS
  const long allowed = call(SYS_faccessat2, kCwd.get(), path, mode, kEffectiveIds);
  const bool refused = allowed == -ENOSYS || (allowed == -EPERM && (mode & W_OK) == 0);
  return status_of(refused ? call(SYS_faccessat, kCwd.get(), path, mode) : allowed);
}
SysStatus change_dir(const char* path) noexcept { return status_of(call(SYS_chdir, path)); }
SysStatus change_dir(BorrowedFd fd) noexcept { return status_of(call(SYS_fchdir, fd.get())); }
SysStatus change_root(const char* path) noexcept { return status_of(call(SYS_chroot, path)); }

SysResult<std::string> current_dir() noexcept {
  char small[kSmallTarget];
  long length = call(SYS_getcwd, small, sizeof small);
  if (length >= 0) return std::string(small, static_cast<std::size_t>(length) - 1);  // the kernel counts the final NUL
  if (length != -ERANGE) return SysResult<std::string>::failed(static_cast<int>(-length));
  std::string path(kLongestPath, '\0');
  length = call(SYS_getcwd, path.data(), path.size());
  if (length < 0) return SysResult<std::string>::failed(static_cast<int>(-length));
  path.resize(static_cast<std::size_t>(length) - 1);
  return path;
}

mode_t set_umask(mode_t mask) noexcept { return static_cast<mode_t>(call(SYS_umask, mask)); }

SysResult<std::vector<DirEntry>> list_dir(BorrowedFd dir) noexcept {
  struct Record {  // struct linux_dirent64, man 2 getdents
    std::uint64_t inode;
    std::int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[1];
  };
  std::vector<DirEntry> entries;
  alignas(Record) char buffer[8192];
  for (;;) {
    const long got = call(SYS_getdents64, dir.get(), buffer, sizeof buffer);
    if (got < 0) return SysResult<std::vector<DirEntry>>::failed(static_cast<int>(-got));
    if (got == 0) return entries;
    for (long at = 0; at < got;) {
      const auto* record = reinterpret_cast<const Record*>(buffer + at);
      const std::string_view name(record->name);
      if (name != "." && name != "..") entries.push_back({std::string(name), record->type});
      at += record->length;
    }
  }
}

SysResult<UniqueFd> make_memfd(const char* name, unsigned flags) noexcept {
  return fd_of<UniqueFd>(call(SYS_memfd_create, name, flags));
}
SysStatus seal(BorrowedFd memfd, int seals) noexcept { return status_of(call(SYS_fcntl, memfd.get(), F_ADD_SEALS, seals)); }

SysResult<PipeEnds> make_pipe() noexcept {
  int ends[2];
  const long result = call(SYS_pipe2, ends, O_CLOEXEC);
  if (result < 0) return SysResult<PipeEnds>::failed(static_cast<int>(-result));
  return PipeEnds{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace caisson::sys
