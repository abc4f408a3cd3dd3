#include "lifecycle/pid_file.hpp"

#include <fcntl.h>

#include <cerrno>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace caisson::lifecycle {
namespace {
constexpr int kSocketPatienceMs = 10'000;
constexpr mode_t kPidFileMode = 0666;  // less the umask

// A file without a name until it is whole: a runtime that is killed leaves nothing. What has the name already is of an earlier
// container, so it goes first; link(2) replaces nothing.
sys::SysStatus write_and_link(sys::BorrowedFd file, sys::BorrowedFd dir, const char* name, std::string_view content) {
  if (auto written = sys::write_full(file, content); !written.ok()) return written;
  auto linked = sys::link_file(file, dir, name);
  if (linked.err() != EEXIST) return linked;
  if (auto removed = sys::unlink_at(dir, name); !removed.ok() && removed.err() != ENOENT) return removed;
  return sys::link_file(file, dir, name);
}

// For filesystems without O_TMPFILE.
sys::SysStatus write_aside_and_rename(sys::BorrowedFd dir, const std::string& name, std::string_view content) {
  const std::string aside = text::join('.', name, '.', sys::process_id());
  const auto file = sys::open_at(dir, aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, kPidFileMode);
  if (!file.ok()) return sys::SysStatus::failed(file.err());
  auto written = sys::write_full(file.value().borrow(), content);
  if (written.ok()) written = sys::rename_at(dir, aside.c_str(), dir, name.c_str());
  if (!written.ok()) static_cast<void>(sys::unlink_at(dir, aside.c_str()));
  return written;
}

}  // namespace

void write_pid_file_at(const std::string& path, pid_t pid) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == 0 ? "/" : path.substr(0, slash);
  const std::string name = path.substr(slash + 1);
  const auto dir = sys::open_at(sys::kCwd, directory.c_str(), O_PATH | O_DIRECTORY).or_throw("--pid-file: open ", directory);
  const auto nameless = sys::open_at(dir.borrow(), ".", O_WRONLY | O_TMPFILE, kPidFileMode);
  const bool unsupported = nameless.err() == EOPNOTSUPP || nameless.err() == EISDIR || nameless.err() == EINVAL;
  if (!nameless.ok() && !unsupported)
    throw Error(ErrorKind::Kernel, text::join("--pid-file: create a file in ", directory), nameless.err());
  auto written = unsupported ? write_aside_and_rename(dir.borrow(), name, text::join(pid))
                             : write_and_link(nameless.value().borrow(), dir.borrow(), name.c_str(), text::join(pid));
  std::move(written).or_throw("--pid-file: write ", path);
}

void send_pidfd(const std::string& socket_path, const sys::Pidfd& process) {
  const auto socket = sys::connect_to(sys::kCwd, socket_path.c_str(), sys::SocketType::Stream, kSocketPatienceMs)
                          .or_throw("--pidfd-socket: connect to ", socket_path);
  const sys::BorrowedFd fd = process.borrow();
  sys::send_with_fds(socket.borrow(), "pidfd", {&fd, 1}).or_throw("--pidfd-socket: send to ", socket_path);
}

}  // namespace caisson::lifecycle
