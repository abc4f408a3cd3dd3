#include "sys/proc_handle.hpp"

#include <cerrno>

#include "sys/mount.hpp"
#include "sys/path_walk.hpp"

namespace caisson::sys {
namespace {

SysResult<MountFd> mount_private(ProcScope scope) noexcept {
  const auto context = fs_open("proc");
  if (!context.ok()) return SysResult<MountFd>::failed(context.err());
  if (scope == ProcScope::Processes) {
    // Narrower is better, not needed: kernels before 5.8 know neither.
    static_cast<void>(fs_set(context.value().borrow(), "hidepid", "ptraceable"));
    static_cast<void>(fs_set(context.value().borrow(), "subset", "pid"));
  }
  const auto created = fs_create(context.value().borrow());
  if (!created.ok()) return SysResult<MountFd>::failed(created.err());
  return fs_mount(context.value().borrow(), abi::kMountAttrNosuid | abi::kMountAttrNodev | abi::kMountAttrNoexec);
}

// A copy without what is mounted below; where that is locked (mounts of a more privileged namespace) with it, since
// lookups stay on the first mount anyway.
SysResult<MountFd> clone_host() noexcept {
  auto bare = clone_tree(kCwd, "/proc", false);
  return bare.ok() ? std::move(bare) : clone_tree(kCwd, "/proc", true);
}

}  // namespace

SysResult<ProcHandle> ProcHandle::verified(UniqueFd fd) noexcept {
  const auto magic = filesystem_magic(fd.borrow());
  if (!magic.ok()) return SysResult<ProcHandle>::failed(magic.err());
  const auto status = status_of_fd(fd.borrow());
  if (!status.ok()) return SysResult<ProcHandle>::failed(status.err());
  const bool root = status.value().inode == static_cast<std::uint64_t>(abi::kProcRootInode);
  if (magic.value() != abi::kProcSuperMagic || !root) return SysResult<ProcHandle>::failed(EXDEV);
  return ProcHandle(std::move(fd));
}

SysResult<ProcHandle> ProcHandle::host_view() noexcept {
  auto fd = open_at(kCwd, "/proc", O_PATH | O_DIRECTORY);
  if (!fd.ok()) return SysResult<ProcHandle>::failed(fd.err());
  return verified(std::move(fd).value());
}

SysResult<ProcHandle> ProcHandle::make_private(ProcScope scope) noexcept {
  auto own = mount_private(scope);
  if (!own.ok()) own = clone_host();
  if (!own.ok()) return SysResult<ProcHandle>::failed(own.err());
  return verified(std::move(own.value().fd));
}

SysResult<UniqueFd> ProcHandle::open(const char* path, int flags) const noexcept {
  const std::uint64_t resolve = abi::kResolveBeneath | abi::kResolveNoXdev | abi::kResolveNoMagiclinks;
  auto opened = open_at2(borrow(), path, {.flags = static_cast<std::uint64_t>(flags), .resolve = resolve});
  if (opened.err() != ENOSYS && opened.err() != EPERM) return opened;
  return walk_in_root(borrow(), path, {.flags = flags, .crosses = WalkCrosses::NoMount});
}

SysResult<std::string> ProcHandle::read(const char* path) const noexcept {
  const auto fd = open(path, O_RDONLY);
  if (!fd.ok()) return SysResult<std::string>::failed(fd.err());
  return read_full(fd.value().borrow());
}

SysStatus ProcHandle::write(const char* path, std::string_view data) const noexcept {
  const auto fd = open(path, O_WRONLY);
  if (!fd.ok()) return SysStatus::failed(fd.err());
  return write_once(fd.value().borrow(), data);
}

}  // namespace caisson::sys
