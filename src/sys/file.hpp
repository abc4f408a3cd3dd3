// Files, directories and metadata by descriptor. Every open sets O_CLOEXEC. Errors are errno values of the call named.
// Paths inside a container root are not opened here but by RootDir (root_dir.hpp).
#pragma once

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.hpp"
#include "sys/kernel_abi.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

SysResult<UniqueFd> open_at(BorrowedFd dir, const char* path, int flags, mode_t mode = 0) noexcept;
// man 2 openat2 (5.6); EAGAIN (a rename raced the walk) is retried for at most two milliseconds.
SysResult<UniqueFd> open_at2(BorrowedFd dir, const char* path, abi::OpenHow how) noexcept;
SysResult<UniqueFd> duplicate(BorrowedFd fd, int lowest = 3) noexcept;  // F_DUPFD_CLOEXEC
SysStatus duplicate_onto(BorrowedFd fd, int number) noexcept;           // dup3 without O_CLOEXEC; same number clears it
SysStatus keep_across_exec(BorrowedFd fd) noexcept;                     // clears FD_CLOEXEC: inheritance is opt-in
SysStatus set_close_on_exec(BorrowedFd fd) noexcept;
SysStatus set_nonblocking(BorrowedFd fd, bool on) noexcept;
SysStatus close_range(unsigned first, unsigned last, unsigned flags) noexcept;  // 5.9; CLOEXEC flag 5.11
// 0, 1 and 2, too. Negative numbers among those kept are passed over.
SysStatus close_all_but(std::span<const BorrowedFd> kept) noexcept;

SysResult<std::size_t> read_some(BorrowedFd fd, void* buffer, std::size_t size) noexcept;  // EINTR retried
SysResult<std::size_t> write_some(BorrowedFd fd, const void* data, std::size_t size) noexcept;
SysStatus write_full(BorrowedFd fd, std::string_view data) noexcept;
// One writev(2) of all parts, as one text, where the file takes it whole; the rest is written as by write_full.
SysStatus write_parts(BorrowedFd fd, std::span<const std::string_view> parts) noexcept;
// One write(2), not split: what procfs and cgroup files require. A short write is EIO.
SysStatus write_once(BorrowedFd fd, std::string_view data) noexcept;
SysStatus cut_file(BorrowedFd file, std::uint64_t length) noexcept;  // ftruncate(2)
SysStatus rewind(BorrowedFd file) noexcept;                          // lseek(2) to the beginning
SysResult<std::string> read_full(BorrowedFd fd, std::size_t limit = std::size_t{64} << 20) noexcept;  // EFBIG past the limit
SysResult<std::string> read_file(BorrowedFd dir, const char* path, std::size_t limit = std::size_t{64} << 20) noexcept;
// Opens an existing file with O_WRONLY and writes once (procfs, cgroupfs, sysfs).
SysStatus write_file(BorrowedFd dir, const char* path, std::string_view data) noexcept;
SysResult<std::string> read_link(BorrowedFd dir, const char* path) noexcept;
// For loops over thousands of small files: what fits into the caller's buffer, without an allocation.
SysResult<std::string_view> read_file_into(BorrowedFd dir, const char* path, std::span<char> buffer) noexcept;
SysResult<std::string_view> read_link_into(BorrowedFd dir, const char* path, std::span<char> buffer) noexcept;

struct Status {
  mode_t mode = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  std::uint64_t inode = 0, device = 0, rdev = 0, size = 0, mount_id = 0, links = 0;
  bool is_dir() const noexcept { return (mode & S_IFMT) == S_IFDIR; }
  bool is_link() const noexcept { return (mode & S_IFMT) == S_IFLNK; }
  bool is_char() const noexcept { return (mode & S_IFMT) == S_IFCHR; }
  bool is_regular() const noexcept { return (mode & S_IFMT) == S_IFREG; }
};
// statx(2) with AT_SYMLINK_NOFOLLOW; an empty path means the descriptor itself.
SysResult<Status> status_at(BorrowedFd dir, const char* path) noexcept;
SysResult<Status> status_of_fd(BorrowedFd fd) noexcept;
SysResult<long> filesystem_magic(BorrowedFd fd) noexcept;              // fstatfs(2) f_type
SysResult<long> filesystem_magic_at(const char* path) noexcept;        // statfs(2), follows
std::uint64_t device_number(unsigned major, unsigned minor) noexcept;  // as in Status::rdev

SysStatus make_dir(BorrowedFd dir, const char* path, mode_t mode) noexcept;
SysStatus make_node(BorrowedFd dir, const char* path, mode_t mode, std::uint64_t device) noexcept;
SysStatus make_symlink(const char* target, BorrowedFd dir, const char* path) noexcept;
SysStatus unlink_at(BorrowedFd dir, const char* path, int flags = 0) noexcept;
// Gives a file that was opened with O_TMPFILE its name. EEXIST: the name is taken. Needs /proc.
SysStatus link_file(BorrowedFd file, BorrowedFd dir, const char* name) noexcept;
SysStatus rename_at(BorrowedFd from_dir, const char* from, BorrowedFd to_dir, const char* to) noexcept;
SysStatus change_owner(BorrowedFd fd, uid_t uid, gid_t gid) noexcept;                        // fchownat AT_EMPTY_PATH
SysStatus change_owner_at(BorrowedFd dir, const char* path, uid_t uid, gid_t gid) noexcept;  // nofollow
SysStatus change_mode(BorrowedFd fd, mode_t mode) noexcept;                                  // fchmod: not for O_PATH
SysStatus change_mode_at(BorrowedFd dir, const char* path, mode_t mode) noexcept;            // single component, follows
SysStatus set_extended_attribute(const char* path, const char* name, std::string_view value) noexcept;  // nofollow
SysStatus set_extended_attribute(BorrowedFd fd, const char* name, std::string_view value) noexcept;     // not for O_PATH
// lgetxattr(2), whose value may be as long as a file capability is (24 bytes); ENODATA: there is none.
SysResult<std::string> get_extended_attribute(const char* path, const char* name) noexcept;
SysStatus sync_file(BorrowedFd fd) noexcept;
SysStatus lock_file(BorrowedFd fd, int flock_operation) noexcept;
// By effective ids (faccessat2 with AT_EACCESS, 5.8); mode: R_OK, W_OK, X_OK. By real ids before, and where a filter of seccomp
// refuses the newer call.
SysStatus check_access(const char* path, int mode) noexcept;
SysStatus change_dir(const char* path) noexcept;
SysStatus change_dir(BorrowedFd fd) noexcept;
SysStatus change_root(const char* path) noexcept;
// The raw system call: a path outside the root starts with "(unreachable)" (CVE-2024-21626).
SysResult<std::string> current_dir() noexcept;
mode_t set_umask(mode_t mask) noexcept;

struct DirEntry {
  std::string name;
  unsigned char type;  // DT_*
};
// All entries except "." and "..", in directory order.
SysResult<std::vector<DirEntry>> list_dir(BorrowedFd dir) noexcept;

SysResult<UniqueFd> make_memfd(const char* name, unsigned flags) noexcept;  // man 2 memfd_create
SysStatus seal(BorrowedFd memfd, int seals) noexcept;                       // F_ADD_SEALS

struct PipeEnds {
  UniqueFd read, write;
};
SysResult<PipeEnds> make_pipe() noexcept;

}  // namespace caisson::sys
