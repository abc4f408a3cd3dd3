// Consoles in a devpts of their own.
#include "process/console.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "base/text.hpp"
#include "kernel/in_child.hpp"
#include "sys/file.hpp"
#include "sys/socket.hpp"

namespace caisson::process {
namespace {

// A root directory with a devpts, in a mount namespace of this process alone.
void enter_root_with_devpts(const std::string& root) {
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  REQUIRE(unshare(CLONE_NEWNS | (uid == 0 ? 0 : CLONE_NEWUSER)) == 0);
  if (uid != 0) {
    REQUIRE(sys::write_file(sys::kCwd, "/proc/self/setgroups", "deny").ok());
    REQUIRE(sys::write_file(sys::kCwd, "/proc/self/uid_map", text::join("0 ", uid, " 1")).ok());
    REQUIRE(sys::write_file(sys::kCwd, "/proc/self/gid_map", text::join("0 ", gid, " 1")).ok());
  }
  REQUIRE(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
  REQUIRE(mount("tmpfs", root.c_str(), "tmpfs", 0, nullptr) == 0);
  REQUIRE(mkdir((root + "/dev").c_str(), 0755) == 0);
  REQUIRE(mkdir((root + "/dev/pts").c_str(), 0755) == 0);
  REQUIRE(mount("devpts", (root + "/dev/pts").c_str(), "devpts", 0, "newinstance,ptmxmode=0666,mode=0620") == 0);
}

class ConsoleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char made[] = "/tmp/caisson-console-XXXXXX";
    ASSERT_NE(mkdtemp(made), nullptr);
    root_ = made;
  }
  void TearDown() override { rmdir(root_.c_str()); }
  sys::RootDir root() const { return sys::RootDir::open_host(root_.c_str()).or_throw("open root"); }
  std::string path(const char* below) const { return root_ + below; }
  // The message with which the console is refused, after a change to the root.
  int refused(const std::function<void()>& change, const std::string& message) const {
    return in_child([&] {
      enter_root_with_devpts(root_);
      change();
      std::string said;
      try {
        open_console(root(), {});
      } catch (const Error& error) {
        said = error.message();
      }
      if (said != message) throw Error(ErrorKind::Usage, text::join("said: ", said));
    });
  }
  std::string root_;
};

TEST_F(ConsoleTest, IsAPtyOfTheContainersOwnDevpts) {
  EXPECT_EQ(in_child([&] {
              enter_root_with_devpts(root_);
              const Console first = open_console(root(), {.owner = 0, .size = sys::WindowSize{.rows = 33, .columns = 77}});
              const Console second = open_console(root(), {});
              REQUIRE(first.number == 0 && first.name() == "/dev/pts/0" && second.name() == "/dev/pts/1");
              struct stat by_name {
              }, by_fd{};
              REQUIRE(stat(path("/dev/pts/0").c_str(), &by_name) == 0 && fstat(first.slave.get(), &by_fd) == 0);
              REQUIRE(by_name.st_ino == by_fd.st_ino && by_name.st_dev == by_fd.st_dev);
              const auto size = sys::window_size(first.slave.borrow()).or_throw("size");
              REQUIRE(size.rows == 33 && size.columns == 77);
              REQUIRE(fcntl(first.master.get(), F_GETFD) == FD_CLOEXEC && fcntl(first.slave.get(), F_GETFD) == FD_CLOEXEC);
            }),
            0);
}

TEST_F(ConsoleTest, BecomesTheSessionsTerminalAndItsStdio) {
  EXPECT_EQ(in_child([&] {
              enter_root_with_devpts(root_);
              signal(SIGHUP, SIG_IGN);  // what the leader gets when the master closes
              const Console console = open_console(root(), {});
              become_session_on(console.slave.borrow());
              REQUIRE(getsid(0) == getpid() && tcgetsid(0) == getpid());
              for (int fd = 0; fd <= 2; ++fd) REQUIRE(isatty(fd) && fcntl(fd, F_GETFD) == 0);
              become_session_on(console.slave.borrow());  // of a leader already
            }),
            0);
}

TEST_F(ConsoleTest, IsMountedOnDevConsole) {
  EXPECT_EQ(in_child([&] {
              enter_root_with_devpts(root_);
              const Console console = open_console(root(), {});
              mount_console(root(), console);
              struct stat status {};
              REQUIRE(stat(path("/dev/console").c_str(), &status) == 0);
              REQUIRE(S_ISCHR(status.st_mode) && status.st_rdev == makedev(136, 0));
            }),
            0);
}

TEST_F(ConsoleTest, IsMountedOnAFileOfTheImageButNeverThroughALink) {
  EXPECT_EQ(in_child([&] {
              enter_root_with_devpts(root_);
              const Console console = open_console(root(), {});
              REQUIRE(symlink("../outside", path("/dev/console").c_str()) == 0);
              try {
                mount_console(root(), console);
                REQUIRE(false);
              } catch (const Error& error) {
                REQUIRE(error.message() == "/dev/console of the container is neither a file nor a character device");
              }
              REQUIRE(access(path("/outside").c_str(), F_OK) != 0);
              REQUIRE(unlink(path("/dev/console").c_str()) == 0);
              close(open(path("/dev/console").c_str(), O_CREAT | O_WRONLY, 0600));
              REQUIRE(mount(nullptr, root_.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0);
              mount_console(root(), console);
              struct stat status {};
              REQUIRE(stat(path("/dev/console").c_str(), &status) == 0 && S_ISCHR(status.st_mode));
            }),
            0);
}

TEST_F(ConsoleTest, NeedsARealDevpts) {
  EXPECT_EQ(refused([&] { REQUIRE(umount2(path("/dev/pts").c_str(), MNT_DETACH) == 0); },
                    "/dev/pts of the container is not on a devpts filesystem"),
            0);
  EXPECT_EQ(refused(
                [&] {
                  REQUIRE(umount2(path("/dev/pts").c_str(), MNT_DETACH) == 0);
                  REQUIRE(rmdir(path("/dev/pts").c_str()) == 0);
                },
                "open /dev/pts of the container: No such file or directory"),
            0);
}

TEST_F(ConsoleTest, RefusesAMultiplexerThatSomebodyPutThere) {
  const std::string message = "/dev/pts/ptmx of the container is not the multiplexer of its devpts";
  EXPECT_EQ(refused(
                [&] {
                  close(open(path("/trap").c_str(), O_CREAT | O_WRONLY, 0600));
                  REQUIRE(mount(path("/trap").c_str(), path("/dev/pts/ptmx").c_str(), nullptr, MS_BIND, nullptr) == 0);
                },
                message),
            0);
  EXPECT_EQ(refused(
                [&] {
                  REQUIRE(mkdir(path("/other").c_str(), 0755) == 0);
                  REQUIRE(mount("devpts", path("/other").c_str(), "devpts", 0, "newinstance,ptmxmode=0666") == 0);
                  REQUIRE(mount(path("/other/ptmx").c_str(), path("/dev/pts/ptmx").c_str(), nullptr, MS_BIND, nullptr) == 0);
                },
                message),
            0);
}

TEST_F(ConsoleTest, IsSentAsOneMessageWithOneDescriptor) {
  EXPECT_EQ(in_child([&] {
              enter_root_with_devpts(root_);
              const auto dir = sys::open_at(sys::kCwd, root_.c_str(), O_PATH | O_DIRECTORY).or_throw("open");
              const auto listener = sys::listen_at(dir.borrow(), "s", sys::SocketType::Stream, 0600).or_throw("listen");
              const std::string socket_path = path("/s");
              const auto socket = connect_console_socket(socket_path, 1000);
              const Console console = open_console(root(), {});
              send_console(socket.borrow(), socket_path, console);
              const auto connection = sys::accept_from(listener.borrow(), 1000).or_throw("accept");
              const auto message = sys::receive_with_fds(connection.borrow(), 4096, 8).or_throw("receive");
              REQUIRE(message.data == "/dev/pts/0" && message.fds.size() == 1);
              REQUIRE(sys::pty_number(message.fds[0].borrow()).or_throw("number") == 0);
            }),
            0);
}

TEST(ConsoleSocket, SaysWhatIsMissing) {
  try {
    connect_console_socket("/nonexistent/console.sock", 100);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "connect to console socket /nonexistent/console.sock: No such file or directory");
    EXPECT_NE(error.hint(), "");
  }
}

}  // namespace
}  // namespace caisson::process
