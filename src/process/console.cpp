#include "process/console.hpp"

#include <fcntl.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace caisson::process {
namespace {

constexpr unsigned kPtyMajor = 136;  // all of them, since their minor numbers have 20 bits
constexpr std::uint64_t kPtmxInode = 2;
constexpr const char* kNoDevpts = "mount devpts on /dev/pts, with the options newinstance and ptmxmode=0666";

Error not_what_it_should_be(std::string_view what, std::string_view should) {
  return Error(ErrorKind::Spec, text::join(what, " of the container is not ", should)).with_hint(kNoDevpts);
}

void require_devpts(sys::BorrowedFd fd, std::string_view what) {
  const long magic = sys::filesystem_magic(fd).or_throw("look at the filesystem of ", what, " of the container");
  if (magic != sys::abi::kDevptsMagic) throw not_what_it_should_be(what, "on a devpts filesystem");
}

// The directory is a devpts, and no mount or link is passed on the way to its ptmx: it can only be the kernel's own. It is
// looked at all the same.
sys::UniqueFd open_ptmx(const sys::RootDir& root) {
  auto dir = root.open("dev/pts", O_PATH | O_DIRECTORY);
  if (!dir.ok()) throw Error(ErrorKind::Spec, "open /dev/pts of the container", dir.err()).with_hint(kNoDevpts);
  require_devpts(dir.value().borrow(), "/dev/pts");
  auto ptmx = sys::open_at2(dir.value().borrow(), "ptmx",
                            {.flags = O_RDWR | O_NOFOLLOW | O_NOCTTY,
                             .resolve = sys::abi::kResolveBeneath | sys::abi::kResolveNoXdev | sys::abi::kResolveNoSymlinks});
  // Within a devpts, one plain component and O_NOFOLLOW say the same but for a mount on top, which the inode number tells.
  if (ptmx.err() == ENOSYS) ptmx = sys::open_at(dir.value().borrow(), "ptmx", O_RDWR | O_NOFOLLOW | O_NOCTTY);
  if (ptmx.err() == EXDEV || ptmx.err() == ELOOP) throw not_what_it_should_be("/dev/pts/ptmx", "the multiplexer of its devpts");
  sys::UniqueFd master = std::move(ptmx).or_throw("open /dev/pts/ptmx of the container");
  require_devpts(master.borrow(), "/dev/pts/ptmx");
  const sys::Status status = sys::status_of_fd(master.borrow()).or_throw("look at /dev/pts/ptmx of the container");
  if (!status.is_char() || status.rdev != sys::device_number(5, 2) || status.inode != kPtmxInode)
    throw not_what_it_should_be("/dev/pts/ptmx", "character device 5:2 with inode 2");
  return master;
}

sys::UniqueFd open_verified_peer(sys::BorrowedFd master, unsigned number) {
  sys::UniqueFd slave = sys::pty_peer(master).or_throw("open the other end of the container's terminal");
  require_devpts(slave.borrow(), "the terminal");
  const sys::Status status = sys::status_of_fd(slave.borrow()).or_throw("look at the container's terminal");
  if (!status.is_char() || status.rdev != sys::device_number(kPtyMajor, number))
    throw not_what_it_should_be("the terminal", text::join("pseudo-terminal number ", number));
  return slave;
}

}  // namespace

std::string Console::name() const { return text::join("/dev/pts/", number); }

Console open_console(const sys::RootDir& root, const ConsoleWishes& wishes) {
  Console console;
  console.master = open_ptmx(root);
  const sys::BorrowedFd master = console.master.borrow();
  sys::unlock_pty(master).or_throw("unlock the container's terminal");
  console.number = sys::pty_number(master).or_throw("read the number of the container's terminal");
  console.slave = open_verified_peer(master, console.number);
  if (wishes.size) sys::set_window_size(master, *wishes.size).or_throw("set the size of the container's terminal");
  if (wishes.keeps_newlines) sys::keep_newlines(master).or_throw("set the container's terminal");
  const sys::Status status = sys::status_of_fd(console.slave.borrow()).or_throw("look at ", console.name());
  if (status.uid != wishes.owner)
    sys::change_owner(console.slave.borrow(), wishes.owner, static_cast<gid_t>(-1))
        .or_throw("give terminal ", console.name(), " to user ", wishes.owner);
  return console;
}

void become_session_on(sys::BorrowedFd slave) {
  const auto session = sys::new_session();
  const bool leads_already = session.err() == EPERM && sys::session_of(0).value_or(-1) == sys::process_id();
  if (!session.ok() && !leads_already)
    throw Error(ErrorKind::Kernel, "start a session for the container's terminal", session.err());
  sys::take_controlling_terminal(slave).or_throw("make the container's terminal the controlling one");
  for (int number = 0; number <= 2; ++number)
    sys::duplicate_onto(slave, number).or_throw("put the container's terminal on descriptor ", number);
}

void mount_console(const sys::RootDir& root, const Console& console) {
  const auto dev = root.open("dev", O_PATH | O_DIRECTORY).or_throw("open /dev of the container");
  const auto made = sys::open_at(dev.borrow(), "console", O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0666);
  if (!made.ok() && made.err() != EEXIST && made.err() != EROFS)
    throw Error(ErrorKind::Kernel, "create /dev/console of the container", made.err());
  const auto target = sys::open_at(dev.borrow(), "console", O_PATH | O_NOFOLLOW);
  if (target.err() == ENOENT) {
    // It was not there and could not be made.
    throw Error(ErrorKind::Spec, "create /dev/console of the container", EROFS)
        .with_hint("mount a tmpfs on /dev, or add the file to the image");
  }
  if (!target.ok()) throw Error(ErrorKind::Kernel, "open /dev/console of the container", target.err());
  const sys::Status status = sys::status_of_fd(target.value().borrow()).or_throw("look at /dev/console of the container");
  if (!status.is_regular() && !status.is_char())
    throw Error(ErrorKind::Spec, "/dev/console of the container is neither a file nor a character device");
  const sys::MountFd clone = sys::clone_tree(console.slave.borrow(), "", false).or_throw("clone the mount of ", console.name());
  sys::attach_mount(clone, target.value().borrow()).or_throw("mount ", console.name(), " on /dev/console of the container");
}

sys::UniqueFd connect_console_socket(const std::string& path, int timeout_ms) {
  auto connection = sys::connect_to(sys::kCwd, path.c_str(), sys::SocketType::Stream, timeout_ms);
  if (!connection.ok()) {
    Error error(ErrorKind::Host, text::join("connect to console socket ", path), connection.err());
    if (connection.err() == ENOENT || connection.err() == ECONNREFUSED)
      error.with_hint("the receiver of the terminal must listen on the socket before the container is created");
    throw error;
  }
  sys::set_send_timeout(connection.value().borrow(), timeout_ms).or_throw("limit the time of console socket ", path);
  return std::move(connection).value();
}

void send_console(sys::BorrowedFd socket, const std::string& socket_path, const Console& console) {
  const sys::BorrowedFd master = console.master.borrow();
  const auto sent = sys::send_with_fds(socket, console.name(), {&master, 1});
  if (sent.ok()) return;
  const int reason = sent.err() == EAGAIN ? ETIMEDOUT : sent.err();
  throw Error(ErrorKind::Host, text::join("send terminal ", console.name(), " to console socket ", socket_path), reason);
}

}  // namespace caisson::process
