#include "process/stdio.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/terminal.hpp"

namespace caisson::process {
namespace {

constexpr std::array kNumbers{0, 1, 2};
constexpr gid_t kUnchanged = static_cast<gid_t>(-1);

bool is_null_device(const sys::Status& status) { return status.is_char() && status.rdev == sys::device_number(1, 3); }

bool may_change_owner(sys::BorrowedFd fd, const sys::Status& status) {
  const mode_t type = status.mode & S_IFMT;
  if (type == S_IFIFO || type == S_IFSOCK || type == S_IFREG) return true;
  return status.is_char() && sys::is_terminal(fd);
}

}  // namespace

void give_stdio_to(uid_t uid) {
  // No permission, an id that the filesystem's owner cannot express, a filesystem without owners: the payload has the open
  // descriptor all the same.
  constexpr std::array kTolerated{EPERM, EACCES, EROFS, EINVAL, EOVERFLOW, EOPNOTSUPP, ENOSYS};
  for (const int number : kNumbers) {
    const sys::BorrowedFd fd(number);
    const auto status = sys::status_of_fd(fd);
    if (status.err() == EBADF) continue;
    if (!status.ok()) throw Error(ErrorKind::Kernel, text::join("look at descriptor ", number), status.err());
    if (status.value().uid == uid || !may_change_owner(fd, status.value())) continue;
    const auto changed = sys::change_owner(fd, uid, kUnchanged);
    if (!changed.ok() && std::ranges::find(kTolerated, changed.err()) == kTolerated.end())
      throw Error(ErrorKind::Kernel, text::join("give descriptor ", number, " to user ", uid), changed.err());
  }
}

void replace_null_stdio(const sys::RootDir& root, const sys::ProcHandle& proc, sys::UniqueFd replacement) {
  for (const int number : kNumbers) {
    const auto status = sys::status_of_fd(sys::BorrowedFd(number));
    if (!status.ok() || !is_null_device(status.value())) continue;
    if (!replacement.valid()) {
      const auto found = root.open_path_nofollow("dev/null");
      if (!found.ok()) return;
      const auto device = sys::status_of_fd(found.value().borrow());
      if (!device.ok() || !is_null_device(device.value())) return;
      // What was looked at is what is opened: by descriptor, through a procfs that the container cannot have changed.
      const std::string itself = text::join("self/fd/", found.value().get());
      auto opened = sys::open_at(proc.borrow(), itself.c_str(), O_RDWR | O_NOCTTY);
      if (opened.err() == EACCES || opened.err() == EPERM) return;  // a device on a nodev mount
      replacement = std::move(opened).or_throw("open /dev/null of the container");
    }
    sys::duplicate_onto(replacement.borrow(), number).or_throw("put /dev/null of the container on descriptor ", number);
  }
}

}  // namespace caisson::process
