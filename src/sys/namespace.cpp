#include "sys/namespace.hpp"

#include "sys/call.hpp"
#include "sys/file.hpp"

namespace caisson::sys {

SysResult<std::uint64_t> namespace_type(BorrowedFd fd) noexcept {
  constexpr unsigned kNsGetNstype = 0xb703;
  return result_of<std::uint64_t>(call(SYS_ioctl, fd.get(), kNsGetNstype, 0));
}

SysResult<bool> same_namespace(BorrowedFd a, BorrowedFd b) noexcept {
  const auto first = status_of_fd(a);
  if (!first.ok()) return SysResult<bool>::failed(first.err());
  const auto second = status_of_fd(b);
  if (!second.ok()) return SysResult<bool>::failed(second.err());
  return first.value().inode == second.value().inode && first.value().device == second.value().device;
}

}  // namespace caisson::sys
