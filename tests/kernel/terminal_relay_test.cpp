// The foreground relay between two terminals, and the forwarding of signals without one.
#include "process/terminal_relay.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/text.hpp"
#include "kernel/in_child.hpp"
#include "process/console.hpp"
#include "sys/file.hpp"

namespace caisson::process {
namespace {

struct Terminal {
  sys::UniqueFd master, slave;
  Terminal() {
    master = sys::open_at(sys::kCwd, "/dev/ptmx", O_RDWR | O_NOCTTY).or_throw("open a terminal");
    sys::unlock_pty(master.borrow()).or_throw("unlock");
    slave = sys::pty_peer(master.borrow()).or_throw("peer");
  }
};

// A payload in a session of its own, on the terminal if there is one.
sys::Pidfd start_payload(const HeldSignals& held, const Terminal* terminal, const std::string& script) {
  const pid_t pid = fork();
  if (pid == 0) {
    static_cast<void>(sys::set_signal_mask(held.original_mask()));
    if (terminal != nullptr) {
      become_session_on(terminal->slave.borrow());
    } else {
      setsid();
    }
    execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
    _exit(127);
  }
  return sys::open_pidfd(pid).or_throw("pidfd");
}

std::string read_all(sys::BorrowedFd fd) {
  std::string all;
  char buffer[4096];
  while (sys::wait_readable(fd, 200).or_throw("wait") == sys::Readiness::Ready) {
    const auto got = sys::read_some(fd, buffer, sizeof buffer);
    if (!got.ok() || got.value() == 0) break;
    all.append(buffer, got.value());
  }
  return all;
}

// The caller: a process on a terminal of its own, whose master the test holds. It relays and ends with the status.
class Caller {
 public:
  explicit Caller(const std::string& script) {
    pid_ = fork();
    if (pid_ == 0) {
      become_session_on(outside_.slave.borrow());
      outside_.master.reset();
      int status = 250;
      try {
        Terminal inside;
        HeldSignals held;
        const auto payload = start_payload(held, &inside, script);
        inside.slave.reset();
        const auto end = run_in_foreground(payload, held, {.master = inside.master.borrow()});
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        if (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec > 0) _exit(251);  // it must not spin
        status = end.as_shell();
      } catch (const std::exception& error) {
        static_cast<void>(sys::write_full(sys::BorrowedFd(2), error.what()));
      }
      _exit(status);
    }
  }
  ~Caller() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  bool shows(const std::string& text) {
    while (shown_.find(text) == std::string::npos) {
      if (sys::wait_readable(outside_.master.borrow(), 5000).or_throw("wait") == sys::Readiness::TimedOut) return false;
      char buffer[4096];
      const auto got = sys::read_some(outside_.master.borrow(), buffer, sizeof buffer);
      if (!got.ok()) return false;
      shown_.append(buffer, got.value());
    }
    return true;
  }
  void type(std::string_view keys) { EXPECT_TRUE(sys::write_full(outside_.master.borrow(), keys).ok()); }
  bool is_raw() const {
    const auto settings = sys::terminal_settings(outside_.master.borrow()).or_throw("settings");
    return (settings.local & (ICANON | ECHO | ISIG)) == 0;
  }
  int status() {
    int status = 0;
    shown_ += read_all(outside_.master.borrow());
    constexpr int kPatience = 3000;  // of ten milliseconds
    for (int i = 0; waitpid(pid_, &status, WNOHANG) == 0; ++i) {
      if (i == kPatience) return 2000;  // the destructor ends it
      sys::sleep_ns(10'000'000);
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }
  void send(int signal) const { kill(pid_, signal); }
  pid_t pid() const { return pid_; }
  Terminal& terminal() { return outside_; }
  const std::string& shown() const { return shown_; }

 private:
  Terminal outside_;
  pid_t pid_ = 0;
  std::string shown_;
};

TEST(Relay, ShowsAllThatThePayloadWroteAndReturnsItsStatus) {
  Caller caller("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; echo the end; exit 7");
  EXPECT_TRUE(caller.shows("the end\r\n"));
  EXPECT_EQ(caller.status(), 7);
  EXPECT_NE(caller.shown().find("line 19999\r\n"), std::string::npos);
}

TEST(Relay, TellsTheSignalThatEndedThePayload) {
  Caller caller("kill -TERM $$");
  EXPECT_EQ(caller.status(), 128 + SIGTERM);
}

TEST(Relay, MakesTheTerminalRawAndRestoresIt) {
  Caller caller("echo ready; read line; echo \"got $line\"; exit 0");
  EXPECT_FALSE(caller.is_raw() && !caller.shows("ready"));
  ASSERT_TRUE(caller.shows("ready"));
  EXPECT_TRUE(caller.is_raw());
  caller.type("words\r");
  EXPECT_TRUE(caller.shows("got words"));
  EXPECT_EQ(caller.status(), 0);
  EXPECT_FALSE(caller.is_raw());
}

TEST(Relay, RestoresTheTerminalAfterASignalToo) {
  Caller caller("trap 'exit 9' TERM; echo ready; while :; do sleep 0.02; done");
  ASSERT_TRUE(caller.shows("ready"));
  caller.send(SIGTERM);
  EXPECT_EQ(caller.status(), 9);
  EXPECT_FALSE(caller.is_raw());
}

TEST(Relay, PassesInterruptsAsKeys) {
  Caller caller("trap 'exit 8' INT; echo ready; while :; do sleep 0.02; done");
  ASSERT_TRUE(caller.shows("ready"));
  caller.type("\x03");
  EXPECT_EQ(caller.status(), 8);
}

TEST(Relay, FollowsTheSizeOfTheWindow) {
  Caller caller("stty size; trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.02; done");
  ASSERT_TRUE(caller.shows("ready"));
  sys::set_window_size(caller.terminal().master.borrow(), {.rows = 41, .columns = 99}).or_throw("size");
  EXPECT_TRUE(caller.shows("41 99"));
  EXPECT_EQ(caller.status(), 0);
}

TEST(Relay, StopsWithTheCallersJobAndComesBackRaw) {
  Caller caller("echo ready; read line; echo \"got $line\"; exit 3");
  ASSERT_TRUE(caller.shows("ready"));
  // The caller leads its session here, so that its group is orphaned and the kernel drops the stop; SIGSTOP is another matter.
  caller.send(SIGTSTP);
  sys::sleep_ns(50'000'000);
  caller.send(SIGCONT);
  sys::sleep_ns(50'000'000);
  caller.send(SIGSTOP);
  int status = 0;
  ASSERT_EQ(waitpid(caller.pid(), &status, WUNTRACED), caller.pid());
  ASSERT_TRUE(WIFSTOPPED(status));
  auto cooked = sys::terminal_settings(caller.terminal().master.borrow()).or_throw("settings");
  cooked.local |= ICANON | ECHO | ISIG;  // as a shell does meanwhile
  sys::set_terminal_settings(caller.terminal().master.borrow(), cooked).or_throw("settings");
  caller.send(SIGCONT);
  for (int tries = 0; tries < 1000 && !caller.is_raw(); ++tries) sys::sleep_ns(10'000'000);
  EXPECT_TRUE(caller.is_raw());
  caller.type("on\r");
  EXPECT_TRUE(caller.shows("got on"));
  EXPECT_EQ(caller.status(), 3);
  EXPECT_FALSE(caller.is_raw());
}

TEST(Relay, HearsAPayloadThatOpensItsTerminalAgain) {
  Caller caller("t=$(tty); exec <&- >&- 2>&-; sleep 0.3; exec >$t; echo back again; exit 5");
  EXPECT_TRUE(caller.shows("back again"));
  EXPECT_EQ(caller.status(), 5);
}

// Without a terminal at the caller: input and output are pipes.
struct Piped {
  sys::ExitStatus status;
  std::string output;
};
Piped run_piped(const std::string& script, std::string_view input) {
  auto in = sys::make_pipe().or_throw("pipe");
  auto out = sys::make_pipe().or_throw("pipe");
  auto result = sys::make_pipe().or_throw("pipe");
  const pid_t pid = fork();
  if (pid == 0) {
    alarm(30);
    in.write.reset();
    out.read.reset();
    Terminal inside;
    HeldSignals held;
    const auto payload = start_payload(held, &inside, script);
    inside.slave.reset();
    const sys::ExitStatus end = run_in_foreground(
        payload, held, {.master = inside.master.borrow(), .input = in.read.borrow(), .output = out.write.borrow()});
    static_cast<void>(sys::write_full(result.write.borrow(), {reinterpret_cast<const char*>(&end), sizeof end}));
    _exit(0);
  }
  out.write.reset();
  in.read.reset();
  result.write.reset();
  EXPECT_TRUE(sys::write_full(in.write.borrow(), input).ok());
  in.write.reset();
  Piped piped;
  piped.output = sys::read_full(out.read.borrow()).or_throw("read");
  EXPECT_EQ(sys::read_some(result.read.borrow(), &piped.status, sizeof piped.status).or_throw("read"), sizeof piped.status);
  waitpid(pid, nullptr, 0);
  return piped;
}

TEST(Relay, EndsTheInputOfAPayloadOnATerminal) {
  const Piped whole = run_piped("stty -echo; cat; exit 4", "one\ntwo\n");
  EXPECT_EQ(whole.status.as_shell(), 4);
  EXPECT_NE(whole.output.find("two\r\n"), std::string::npos) << whole.output;
  const Piped begun = run_piped("cat; exit 5", "no newline");
  EXPECT_EQ(begun.status.as_shell(), 5);
}

TEST(Relay, LosesNothingAtTheEndOfAShortLife) {
  for (int i = 0; i < 50; ++i) EXPECT_EQ(run_piped("echo all of it", "").output, "all of it\r\n");
}

TEST(Relay, GoesOnWhenNobodyReadsTheOutput) {
  EXPECT_EQ(in_child([] {
              auto out = sys::make_pipe().or_throw("pipe");
              auto in = sys::make_pipe().or_throw("pipe");
              out.read.reset();
              Terminal inside;
              HeldSignals held;
              const auto payload =
                  start_payload(held, &inside, "i=0; while [ $i -lt 20000 ]; do echo line; i=$((i+1)); done; exit 6");
              inside.slave.reset();
              const auto end = run_in_foreground(
                  payload, held, {.master = inside.master.borrow(), .input = in.read.borrow(), .output = out.write.borrow()});
              REQUIRE(end.as_shell() == 6);
            }),
            0);
}

TEST(Relay, DoesNotWaitForOtherProcessesOnTheTerminal) {
  const Piped piped = run_piped("trap '' HUP; sleep 60 & echo $!; exit 2", "");
  EXPECT_EQ(piped.status.as_shell(), 2);
  const pid_t left = std::atoi(piped.output.c_str());
  ASSERT_GT(left, 1) << piped.output;
  EXPECT_EQ(kill(left, SIGKILL), 0) << "the other process ended before the relay";
}

TEST(Foreground, ForwardsSignalsWithoutATerminal) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGALRM}) {
    EXPECT_EQ(in_child([&] {
                auto ready = sys::make_pipe().or_throw("pipe");
                dup2(ready.write.get(), 1);
                HeldSignals held;
                const auto payload = start_payload(
                    held, nullptr, text::join("trap 'exit 42' ", signal, "; echo ready; while :; do sleep 0.02; done"));
                char buffer[8];
                sys::read_some(ready.read.borrow(), buffer, sizeof buffer).or_throw("read");
                kill(getpid(), signal);  // held until the relay reads it
                REQUIRE(run_in_foreground(payload, held, {}).as_shell() == 42);
              }),
              0)
        << signal;
  }
}

TEST(Foreground, ReturnsTheMaskAfterwards) {
  EXPECT_EQ(
      in_child([] {
        sigset_t before, after;
        sigprocmask(SIG_BLOCK, nullptr, &before);
        {
          HeldSignals held;
          sigprocmask(SIG_BLOCK, nullptr, &after);
          REQUIRE(sigismember(&after, SIGTERM) == 1 && sigismember(&after, SIGSEGV) == 0 && sigismember(&after, SIGTTOU) == 0);
        }
        sigprocmask(SIG_BLOCK, nullptr, &after);
        for (int signal = 1; signal < 32; ++signal) REQUIRE(sigismember(&before, signal) == sigismember(&after, signal));
      }),
      0);
}

}  // namespace
}  // namespace caisson::process
