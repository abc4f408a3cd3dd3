#include "sys/mount_listing.hpp"

#include <cstring>

#include "sys/call.hpp"
#include "sys/kernel_abi.hpp"

namespace caisson::sys {
namespace {

SysResult<NamespaceFd> neighbour(BorrowedFd fd, unsigned request) noexcept {
  abi::MntnsInfo info{.size = sizeof info};
  const long result = call(SYS_ioctl, fd.get(), request, &info);
  if (result < 0) return SysResult<NamespaceFd>::failed(static_cast<int>(-result));
  return NamespaceFd{UniqueFd(static_cast<int>(result))};
}

long statmount(std::uint64_t mount_namespace, std::uint64_t mount, std::uint64_t wanted, void* out, std::size_t size) noexcept {
  abi::MountIdRequest request{.size = sizeof request, .mount = mount, .parameter = wanted, .mount_namespace = mount_namespace};
  return call(SYS_statmount, &request, out, size, 0);
}

}  // namespace

SysResult<std::uint64_t> mount_namespace_id(BorrowedFd mount_namespace) noexcept {
  std::uint64_t id = 0;
  const long result = call(SYS_ioctl, mount_namespace.get(), abi::kNsGetMntnsId, &id);
  if (result < 0) return SysResult<std::uint64_t>::failed(static_cast<int>(-result));
  return id;
}
SysResult<NamespaceFd> next_mount_namespace(BorrowedFd mount_namespace) noexcept {
  return neighbour(mount_namespace, abi::kNsMntGetNext);
}
SysResult<NamespaceFd> previous_mount_namespace(BorrowedFd mount_namespace) noexcept {
  return neighbour(mount_namespace, abi::kNsMntGetPrev);
}

SysResult<std::size_t> list_mounts(std::uint64_t mount_namespace, std::uint64_t after, std::span<std::uint64_t> out) noexcept {
  abi::MountIdRequest request{
      .size = sizeof request, .mount = abi::kListmountRoot, .parameter = after, .mount_namespace = mount_namespace};
  return result_of<std::size_t>(call(SYS_listmount, &request, out.data(), out.size(), 0));
}

SysResult<std::uint64_t> magic_of_mount(std::uint64_t mount_namespace, std::uint64_t mount) noexcept {
  abi::MountStatus status{};
  const long result = statmount(mount_namespace, mount, abi::kStatmountSuperblock, &status, sizeof status);
  if (result < 0) return SysResult<std::uint64_t>::failed(static_cast<int>(-result));
  return status.superblock_magic;
}

SysResult<MountPlace> place_of_mount(std::uint64_t mount_namespace, std::uint64_t mount, std::span<char> buffer) noexcept {
  constexpr std::uint64_t kWanted = abi::kStatmountMountRoot | abi::kStatmountMountPoint;
  const long result = statmount(mount_namespace, mount, kWanted, buffer.data(), buffer.size());
  if (result < 0) return SysResult<MountPlace>::failed(static_cast<int>(-result));
  abi::MountStatus status{};
  std::memcpy(&status, buffer.data(), sizeof status);
  const char* const strings = buffer.data() + sizeof status;
  // A mount out of reach from the root of its namespace has no mount point.
  const auto text = [&](std::uint64_t has, std::uint32_t at) {
    return (status.mask & has) != 0 ? std::string_view(strings + at) : std::string_view();
  };
  return MountPlace{text(abi::kStatmountMountRoot, status.root), text(abi::kStatmountMountPoint, status.point)};
}

}  // namespace caisson::sys
