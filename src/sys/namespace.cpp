#include "sys/namespace.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/text.hpp"
#include "sys/call.hpp"
#include "sys/file.hpp"

namespace caisson::sys {
namespace {

struct PidfdRequest {
  std::uint64_t flag;
  unsigned number;  // _IO(0xff, n)
};
constexpr std::array kPidfdRequests{
    PidfdRequest{abi::kCloneNewCgroup, 0xff01}, PidfdRequest{0x08000000, 0xff02},  // ipc
    PidfdRequest{0x00020000, 0xff03},                                              // mnt
    PidfdRequest{0x40000000, 0xff04},                                              // net
    PidfdRequest{0x20000000, 0xff05},                                              // pid
    PidfdRequest{abi::kCloneNewTime, 0xff07},   PidfdRequest{0x10000000, 0xff09},  // user
    PidfdRequest{0x04000000, 0xff0a},                                              // uts
};

}  // namespace

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

SysResult<std::uint64_t> namespace_id(BorrowedFd fd) noexcept {
  constexpr unsigned kNsGetId = 0x8008b70d;  // _IOR(0xb7, 13, __u64)
  std::uint64_t id = 0;
  const long result = call(SYS_ioctl, fd.get(), kNsGetId, &id);
  if (result < 0) return SysResult<std::uint64_t>::failed(static_cast<int>(-result));
  return id;
}

SysResult<pid_t> pid_from_namespace(BorrowedFd pid_namespace, pid_t pid) noexcept {
  constexpr unsigned kNsGetPidFromPidns = 0x8004b706;  // _IOR(0xb7, 6, int)
  return result_of<pid_t>(call(SYS_ioctl, pid_namespace.get(), kNsGetPidFromPidns, pid));
}

SysResult<NamespaceFd> open_namespace_file(BorrowedFd dir, const char* path, LastLink link) noexcept {
  const auto looked_at = open_at(dir, path, O_PATH | (link == LastLink::Stays ? O_NOFOLLOW : 0));
  if (!looked_at.ok()) return SysResult<NamespaceFd>::failed(looked_at.err());
  const auto magic = filesystem_magic(looked_at.value().borrow());
  if (!magic.ok()) return SysResult<NamespaceFd>::failed(magic.err());
  if (magic.value() != abi::kNsfsMagic) return SysResult<NamespaceFd>::failed(ENOTTY);
  const std::string again = text::join("/proc/self/fd/", looked_at.value().get());
  auto opened = open_at(kCwd, again.c_str(), O_RDONLY);
  if (!opened.ok()) return SysResult<NamespaceFd>::failed(opened.err());
  const auto type = namespace_type(opened.value().borrow());
  if (!type.ok()) return SysResult<NamespaceFd>::failed(type.err());
  return NamespaceFd{std::move(opened).value()};
}

SysResult<NamespaceFd> namespace_of(const Pidfd& process, std::uint64_t flag) noexcept {
  for (const PidfdRequest& request : kPidfdRequests)
    if (request.flag == flag) return fd_of<NamespaceFd>(call(SYS_ioctl, process.borrow().get(), request.number, 0));
  return SysResult<NamespaceFd>::failed(EINVAL);
}

}  // namespace caisson::sys
