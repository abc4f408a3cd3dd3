#include "lifecycle/pid_file.hpp"

#include <fcntl.h>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace caisson::lifecycle {
namespace {
constexpr int kSocketPatienceMs = 10'000;
constexpr mode_t kPidFileMode = 0666;  // less the umask
}  // namespace

void write_pid_file_at(const std::string& path, pid_t pid) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == 0 ? "/" : path.substr(0, slash);
  const std::string name = path.substr(slash + 1);
  const std::string aside = text::join('.', name, '.', sys::process_id());
  const auto dir = sys::open_at(sys::kCwd, directory.c_str(), O_PATH | O_DIRECTORY).or_throw("--pid-file: open ", directory);
  const auto file = sys::open_at(dir.borrow(), aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, kPidFileMode)
                        .or_throw("--pid-file: create a file in ", directory);
  auto written = sys::write_full(file.borrow(), text::join(pid));
  if (written.ok()) written = sys::rename_at(dir.borrow(), aside.c_str(), dir.borrow(), name.c_str());
  if (written.ok()) return;
  static_cast<void>(sys::unlink_at(dir.borrow(), aside.c_str()));
  std::move(written).or_throw("--pid-file: write ", path);
}

void send_pidfd(const std::string& socket_path, const sys::Pidfd& process) {
  const auto socket = sys::connect_to(sys::kCwd, socket_path.c_str(), sys::SocketType::Stream, kSocketPatienceMs)
                          .or_throw("--pidfd-socket: connect to ", socket_path);
  const sys::BorrowedFd fd = process.borrow();
  sys::send_with_fds(socket.borrow(), "pidfd", {&fd, 1}).or_throw("--pidfd-socket: send to ", socket_path);
}

}  // namespace caisson::lifecycle
