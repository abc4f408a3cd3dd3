// The built-in PID 1 as the leader of a session on a terminal.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "base/text.hpp"
#include "kernel/running_init.hpp"
#include "sys/terminal.hpp"

namespace caisson::trampoline {
namespace {

// A terminal of its own: the init leads the session, as the launch arranges it.
class InitOnTerminal : public ::testing::Test {
 protected:
  void SetUp() override {
    master_ = sys::open_at(sys::kCwd, "/dev/ptmx", O_RDWR | O_NOCTTY).or_throw("open a terminal");
    sys::unlock_pty(master_.borrow()).or_throw("unlock");
    slave_ = sys::pty_peer(master_.borrow()).or_throw("peer");
    wishes_.before = [this] {
      setsid();
      ioctl(slave_.get(), TIOCSCTTY, 0);
      dup2(slave_.get(), 0);
      dup2(slave_.get(), 2);
    };
  }
  void type(std::string_view keys) { ASSERT_TRUE(sys::write_full(master_.borrow(), keys).ok()); }
  // Whether the text appears on the terminal after what was waited for before.
  bool shows(const std::string& text) {
    while (shown_.find(text) == std::string::npos) {
      if (sys::wait_readable(master_.borrow(), kWaitMs).or_throw("wait") == sys::Readiness::TimedOut) return false;
      char buffer[4096];
      shown_.append(buffer, sys::read_some(master_.borrow(), buffer, sizeof buffer).or_throw("read"));
    }
    shown_.erase(0, shown_.find(text) + text.size());
    return true;
  }
  // Without root the init is in a user namespace that maps nobody.
  bool prompts() { return shows(geteuid() == 0 ? "# " : "$ "); }

  sys::UniqueFd master_, slave_;
  std::string shown_;
  Wishes wishes_;
};

TEST_F(InitOnTerminal, GivesThePayloadItsForeground) {
  // Fields of proc(5) stat: 1 pid, 5 pgrp, 8 tpgid.
  Running init(kOurs,
               shell("read -r pid name state ppid pgrp session tty tpgid rest </proc/self/stat; "
                     "[ $pid = $pgrp ] && [ $pid = $tpgid ] && [ $pid != $session ] && exit 33; exit 1"),
               wishes_);
  EXPECT_EQ(init.status(), 33);
}

TEST_F(InitOnTerminal, InterruptsThePayloadAlone) {
  Running init(kOurs, shell("trap 'exit 42' INT; echo ready; while :; do sleep 0.02; done"), wishes_);
  ASSERT_TRUE(init.says("ready"));
  type("\x03");
  EXPECT_EQ(init.status(), 42);
}

TEST_F(InitOnTerminal, UndoesAStopThatNobodyCouldEnd) {
  Running init(kOurs, {"/bin/cat"}, wishes_);
  type("one\n");
  ASSERT_TRUE(init.says("one"));
  type("\x1a");
  sys::sleep_ns(50'000'000);
  type("two\n");
  EXPECT_TRUE(init.says("two"));
  type("\x04");
  EXPECT_EQ(init.status(), 0);
}

TEST_F(InitOnTerminal, LeavesJobControlToAShell) {
  Running init(kOurs, {"/bin/bash", "--norc", "-i"}, wishes_);
  ASSERT_TRUE(prompts());
  type("cat\n");
  type("hello\n");
  ASSERT_TRUE(init.says("hello"));
  type("\x1a");
  ASSERT_TRUE(shows("Stopped")) << shown_;
  ASSERT_TRUE(prompts());
  type("fg\n");
  ASSERT_TRUE(init.says("cat\n"));
  type("again\n");
  EXPECT_TRUE(init.says("again"));
  type("\x03");
  ASSERT_TRUE(prompts());
  type("exit 6\n");
  EXPECT_EQ(init.status(), 6);
}

TEST_F(InitOnTerminal, DoesNotTakeItFromAnotherGroup) {
  // The init runs in the background of a session that somebody else leads.
  Wishes wishes;
  wishes.new_pid_namespace = false;
  const pid_t leader = fork();
  if (leader == 0) {
    setsid();
    ioctl(slave_.get(), TIOCSCTTY, 0);
    dup2(slave_.get(), 0);
    wishes.before = [] { setpgid(0, 0); };
    Running init(kOurs, shell("exit 4"), wishes);
    const int status = init.status();
    _exit(tcgetpgrp(0) == getpid() ? status : 99);
  }
  int status = 0;
  ASSERT_EQ(waitpid(leader, &status, 0), leader);
  EXPECT_EQ(WEXITSTATUS(status), 4);
}

}  // namespace
}  // namespace caisson::trampoline
