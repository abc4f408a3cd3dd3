// A root filesystem that somebody else may control: paths inside it are resolved only here, by descriptor, with openat2(2)
// RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS or, where that is missing (ENOSYS, or EPERM by a seccomp filter), by path_walk.hpp.
// No path, absolute link, ".." or rename race leads out of it. What is created, removed or linked acts on the descriptor of
// the parent directory and one component, and never follows a link in that last component.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sys/file.hpp"

namespace caisson::sys {

enum class Resolver : std::uint8_t { Kernel, Walk };  // Kernel falls back to Walk by itself; Walk is for tests

class RootDir {
 public:
  RootDir() = default;
  // dir: an O_PATH or readable descriptor of a directory, or of a detached or attached mount's root.
  explicit RootDir(UniqueFd dir, Resolver resolver = Resolver::Kernel) noexcept : dir_(std::move(dir)), resolver_(resolver) {}
  static SysResult<RootDir> open_host(const char* path, Resolver resolver = Resolver::Kernel) noexcept;

  BorrowedFd borrow() const noexcept { return dir_.borrow(); }
  bool valid() const noexcept { return dir_.valid(); }
  UniqueFd release() noexcept { return std::move(dir_); }
  // Of the root itself; asked for once.
  SysResult<Status> status() const noexcept;

  // Every path below is taken from this root, with or without a leading slash. flags must not hold O_CREAT.
  SysResult<UniqueFd> open(const std::string& path, int flags) const noexcept;
  SysResult<UniqueFd> open_path(const std::string& path) const noexcept { return open(path, O_PATH); }
  // The last component itself, also when it is a symbolic link.
  SysResult<UniqueFd> open_path_nofollow(const std::string& path) const noexcept { return open(path, O_PATH | O_NOFOLLOW); }

  // The directory or file at path as an O_PATH descriptor, with everything missing created on the way, also behind dangling
  // links. What exists keeps its mode, the umask holds. make_file gives whatever exists there, which need not be a regular
  // file.
  SysResult<UniqueFd> make_dirs(const std::string& path, mode_t mode) const noexcept;
  // For a path that was just found missing.
  SysResult<UniqueFd> make_missing_dirs(const std::string& path, mode_t mode) const noexcept;
  SysResult<UniqueFd> make_file(const std::string& path, mode_t mode) const noexcept;

  SysStatus make_node(const std::string& path, mode_t mode, std::uint64_t device) const noexcept;
  SysStatus make_symlink(const char* target, const std::string& path) const noexcept;
  SysStatus unlink(const std::string& path, int flags = 0) const noexcept;

  struct Entry {
    UniqueFd parent;   // O_PATH
    std::string name;  // one component, never empty, "." or ".."
  };
  // EINVAL for a path that ends in "..", or is the root itself.
  SysResult<Entry> entry(const std::string& path) const noexcept;
  // For messages: the shortest leading part of path that cannot be opened; empty if all of it can.
  std::string failing_part(const std::string& path) const;

 private:
  UniqueFd dir_;
  mutable std::optional<Status> status_;
  Resolver resolver_ = Resolver::Kernel;
};

}  // namespace caisson::sys
