#include "sys/root_dir.hpp"

#include <algorithm>
#include <cerrno>

#include "sys/path_walk.hpp"

namespace caisson::sys {
namespace {

// EPERM: seccomp filters older than openat2 answer so. The walk repeats a genuine EPERM.
bool lacks_openat2(int err) noexcept { return err == ENOSYS || err == EPERM; }

}  // namespace

SysResult<RootDir> RootDir::open_host(const char* path, Resolver resolver) noexcept {
  auto dir = open_at(kCwd, path, O_PATH | O_DIRECTORY);
  if (!dir.ok()) return SysResult<RootDir>::failed(dir.err());
  return RootDir(std::move(dir).value(), resolver);
}

SysResult<UniqueFd> RootDir::open(const std::string& path, int flags) const noexcept {
  if ((flags & O_CREAT) != 0) return SysResult<UniqueFd>::failed(EINVAL);
  if (resolver_ == Resolver::Kernel) {
    const std::uint64_t resolve = abi::kResolveInRoot | abi::kResolveNoMagiclinks;
    auto opened = open_at2(borrow(), path.c_str(), {.flags = static_cast<std::uint64_t>(flags), .resolve = resolve});
    if (!lacks_openat2(opened.err())) return opened;
  }
  return walk_in_root(borrow(), path, {.flags = flags});
}

SysResult<UniqueFd> RootDir::make_dirs(const std::string& path, mode_t mode) const noexcept {
  auto there = open(path, O_PATH | O_DIRECTORY);
  return there.err() == ENOENT ? make_missing_dirs(path, mode) : std::move(there);
}

SysResult<UniqueFd> RootDir::make_missing_dirs(const std::string& path, mode_t mode) const noexcept {
  // Most often only the last one is missing. A link that leads nowhere is in the way and left to the walk.
  if (const auto at = entry(path); at.ok()) {
    const char* name = at.value().name.c_str();
    if (make_dir(at.value().parent.borrow(), name, mode).ok())
      return open_at(at.value().parent.borrow(), name, O_PATH | O_NOFOLLOW | O_DIRECTORY);
  }
  return walk_in_root(borrow(), path, {.flags = O_PATH | O_DIRECTORY, .creates = WalkCreates::Directories, .dir_mode = mode});
}

SysResult<Status> RootDir::status() const noexcept {
  if (status_) return *status_;
  const auto asked = status_of_fd(borrow());
  if (asked.ok()) status_ = asked.value();
  return asked;
}

SysResult<UniqueFd> RootDir::make_file(const std::string& path, mode_t mode) const noexcept {
  auto there = open(path, O_PATH);
  if (there.err() != ENOENT) return there;
  return walk_in_root(borrow(), path, {.flags = O_PATH, .creates = WalkCreates::File, .file_mode = mode});
}

SysResult<RootDir::Entry> RootDir::entry(const std::string& path) const noexcept {
  const std::size_t last = path.find_last_not_of('/');
  if (last == std::string::npos) return SysResult<Entry>::failed(EINVAL);
  const std::size_t slash = path.rfind('/', last);
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  std::string name = path.substr(begin, last + 1 - begin);
  if (name == "." || name == "..") return SysResult<Entry>::failed(EINVAL);
  auto parent = open(begin == 0 ? "/" : path.substr(0, begin), O_PATH | O_DIRECTORY);
  if (!parent.ok()) return SysResult<Entry>::failed(parent.err());
  return Entry{std::move(parent).value(), std::move(name)};
}

SysStatus RootDir::make_node(const std::string& path, mode_t mode, std::uint64_t device) const noexcept {
  const auto at = entry(path);
  if (!at.ok()) return SysStatus::failed(at.err());
  return sys::make_node(at.value().parent.borrow(), at.value().name.c_str(), mode, device);
}

SysStatus RootDir::make_symlink(const char* target, const std::string& path) const noexcept {
  const auto at = entry(path);
  if (!at.ok()) return SysStatus::failed(at.err());
  return sys::make_symlink(target, at.value().parent.borrow(), at.value().name.c_str());
}

SysStatus RootDir::unlink(const std::string& path, int flags) const noexcept {
  const auto at = entry(path);
  if (!at.ok()) return SysStatus::failed(at.err());
  return unlink_at(at.value().parent.borrow(), at.value().name.c_str(), flags);
}

std::string RootDir::failing_part(const std::string& path) const {
  for (std::size_t end = 0; end < path.size();) {
    const std::size_t begin = path.find_first_not_of('/', end);
    if (begin == std::string::npos) break;
    end = std::min(path.find('/', begin), path.size());
    std::string part = path.substr(0, end);
    if (!open(part, end < path.size() ? O_PATH | O_DIRECTORY : O_PATH).ok()) return part;
  }
  return {};
}

}  // namespace caisson::sys
