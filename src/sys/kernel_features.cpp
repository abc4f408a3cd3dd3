#include "sys/kernel_features.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstdint>

#include "sys/call.hpp"
#include "sys/file.hpp"
#include "sys/kernel_abi.hpp"

namespace caisson::sys {
namespace {

// A call that was given something it must refuse: the refusal proves that the call is there.
SysStatus refused_with(long result, int expected) noexcept {
  return result == -expected || result >= 0 ? SysStatus(Unit{}) : SysStatus::failed(static_cast<int>(-result));
}

SysStatus opened(long result) noexcept {
  if (result < 0) return SysStatus::failed(static_cast<int>(-result));
  close_number(BorrowedFd(static_cast<int>(result)));
  return Unit{};
}

}  // namespace

SysResult<unsigned> landlock_version() noexcept {
  constexpr unsigned kCreateRulesetVersion = 1;
  return result_of<unsigned>(call(SYS_landlock_create_ruleset, nullptr, 0, kCreateRulesetVersion));
}

SysStatus ask_clone3() noexcept {
  const abi::CloneArgs nothing;
  return refused_with(call(SYS_clone3, &nothing, 1), EINVAL);
}

SysStatus ask_close_range() noexcept { return status_of(call(SYS_close_range, ~0U, ~0U, 0)); }

SysStatus ask_open_in_root() noexcept {
  const abi::OpenHow how{.flags = O_PATH | O_CLOEXEC, .mode = 0, .resolve = abi::kResolveInRoot};
  return opened(call(SYS_openat2, kCwd.get(), "/", &how, sizeof how));
}

SysStatus ask_fs_open() noexcept { return refused_with(call(SYS_fsopen, nullptr, ~0U), EINVAL); }

SysStatus ask_statmount() noexcept { return refused_with(call(SYS_statmount, nullptr, nullptr, 0, 0), EFAULT); }

SysStatus ask_list_namespaces() noexcept {
  struct Request {  // struct ns_id_req
    std::uint32_t size = 32, spare = 0;
    std::uint64_t after = 0;
    std::uint32_t types = 0, spare_too = 0;
    std::uint64_t user_namespace = 0;
  } request;
  std::uint64_t id = 0;
  return status_of(call(SYS_listns, &request, &id, 1, 0));
}

SysStatus ask_pidfd_info(const Pidfd& process) noexcept {
  std::uint64_t info[8]{};  // the structure of 6.13
  constexpr unsigned kPidfdGetInfo = 3U << 30 | sizeof info << 16 | 0xff00 | 11;
  return status_of(call(SYS_ioctl, process.borrow().get(), kPidfdGetInfo, &info[0]));
}

SysStatus ask_pidfd_namespace(const Pidfd& process) noexcept {
  constexpr unsigned kPidfdGetUtsNamespace = 0xff00 | 10;
  return opened(call(SYS_ioctl, process.borrow().get(), kPidfdGetUtsNamespace, 0));
}

SysStatus ask_namespace_id(BorrowedFd nsfs) noexcept {
  std::uint64_t id = 0;
  constexpr unsigned kNsGetId = 2U << 30 | sizeof id << 16 | 0xb700 | 13;
  return status_of(call(SYS_ioctl, nsfs.get(), kNsGetId, &id));
}

SysStatus ask_namespace_handle(BorrowedFd nsfs) noexcept {
  struct Handle {  // struct file_handle
    std::uint32_t bytes = 32;
    std::int32_t type = 0;
    unsigned char data[32]{};
  } handle;
  int mount = 0;
  const long named = call(SYS_name_to_handle_at, nsfs.get(), "", &handle, &mount, abi::kAtEmptyPath);
  if (named < 0) return SysStatus::failed(static_cast<int>(-named));
  return opened(call(SYS_open_by_handle_at, nsfs.get(), &handle, O_RDONLY | O_CLOEXEC));
}

}  // namespace caisson::sys
