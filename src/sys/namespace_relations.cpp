#include "sys/namespace_relations.hpp"

#include <sys/socket.h>

#include "sys/call.hpp"
#include "sys/kernel_abi.hpp"

namespace caisson::sys {
namespace {

SysResult<NamespaceFd> related(BorrowedFd fd, unsigned request) noexcept {
  // These ioctls open with O_CLOEXEC by themselves.
  const long result = call(SYS_ioctl, fd.get(), request, 0);
  if (result < 0) return SysResult<NamespaceFd>::failed(static_cast<int>(-result));
  return NamespaceFd{UniqueFd(static_cast<int>(result))};
}

}  // namespace

SysResult<NamespaceFd> owning_user_namespace(BorrowedFd fd) noexcept { return related(fd, abi::kNsGetUserns); }
SysResult<NamespaceFd> parent_namespace(BorrowedFd fd) noexcept { return related(fd, abi::kNsGetParent); }

SysResult<uid_t> maker_of_user_namespace(BorrowedFd fd) noexcept {
  uid_t uid = 0;
  const long result = call(SYS_ioctl, fd.get(), abi::kNsGetOwnerUid, &uid);
  if (result < 0) return SysResult<uid_t>::failed(static_cast<int>(-result));
  return uid;
}

SysResult<std::uint64_t> network_cookie(BorrowedFd socket) noexcept {
  std::uint64_t cookie = 0;
  unsigned size = sizeof cookie;
  const long result = call(SYS_getsockopt, socket.get(), SOL_SOCKET, abi::kSoNetnsCookie, &cookie, &size);
  if (result < 0) return SysResult<std::uint64_t>::failed(static_cast<int>(-result));
  return cookie;
}

}  // namespace caisson::sys
