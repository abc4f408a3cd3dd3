#include "sys/namespace_handle.hpp"

#include <fcntl.h>

#include <cstring>

#include "sys/call.hpp"

namespace caisson::sys {
namespace {

// struct file_handle with struct nsfs_file_handle (linux/nsfs.h) behind it, which is not aligned there.
struct KernelHandle {
  std::uint32_t bytes = 16;
  std::int32_t type = 0xf1;  // FILEID_NSFS
  char id[8];
  std::uint32_t flag, inode;
};
static_assert(sizeof(KernelHandle) == 8 + 16);

constexpr int kNsfsRoot = -10003;  // FD_NSFS_ROOT: in place of a descriptor of the filesystem

}  // namespace

SysResult<NamespaceFd> open_namespace(const NamespaceHandle& handle) noexcept {
  KernelHandle kernel{.id = {}, .flag = static_cast<std::uint32_t>(handle.flag), .inode = handle.inode};
  std::memcpy(kernel.id, &handle.id, sizeof kernel.id);
  const long result = call(SYS_open_by_handle_at, kNsfsRoot, &kernel, O_RDONLY | O_CLOEXEC);
  if (result < 0) return SysResult<NamespaceFd>::failed(static_cast<int>(-result));
  return NamespaceFd{UniqueFd(static_cast<int>(result))};
}

}  // namespace caisson::sys
