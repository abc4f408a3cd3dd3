// The built-in PID 1 in a pid namespace, against what Debian's tini and catatonit do there.
#include "launch/trampoline/init.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/terminal.hpp"

namespace caisson::trampoline {
namespace {

constexpr std::uint64_t kNewPid = 0x20000000, kNewUser = 0x10000000;
constexpr int kWaitMs = 10'000;

struct Peer {
  const char* name;
  const char* path;  // null: ours
};
constexpr Peer kOurs{"caisson", nullptr}, kTini{"tini", "/usr/bin/tini"}, kCatatonit{"catatonit", "/usr/bin/catatonit"};

int exec_argv(void* context) {
  auto* argv = static_cast<char**>(context);
  execvp(argv[0], argv);
  return errno;
}

struct Wishes {
  bool new_pid_namespace = true;
  std::function<void()> before = [] {};  // in the process that becomes the init
  InitOptions options{};
  ExecPayload payload = nullptr;         // instead of a program; ours only
};

// An init with its payload; its output comes through a pipe. Killed with all it has started when the test ends.
class Running {
 public:
  Running(const Peer& peer, std::vector<std::string> argv, const Wishes& wishes = {}) {
    auto ends = sys::make_pipe().or_throw("pipe");
    sys::abi::CloneArgs args{.exit_signal = SIGCHLD};
    if (wishes.new_pid_namespace) args.flags = kNewPid | (geteuid() == 0 ? 0 : kNewUser);
    pid_ = sys::clone_process(args).or_throw("clone");
    if (pid_ == 0) {
      dup2(ends.write.get(), 1);
      wishes.before();
      become(peer, argv, wishes);
    }
    output_ = std::move(ends.read);
  }
  ~Running() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const { return pid_; }
  void send(int signal) const { kill(pid_, signal); }

  // As a shell shows it; -1: it did not end in time.
  int status() {
    const auto pidfd = sys::open_pidfd(pid_).or_throw("pidfd");
    const auto ended = sys::wait_readable(pidfd.borrow(), kWaitMs).or_throw("wait");
    if (ended == sys::Readiness::TimedOut) return -1;
    pid_ = 0;
    return sys::wait_for(pidfd).or_throw("wait").as_shell();
  }
  // Reads until the text has come; false after a while without it.
  bool says(const std::string& text) {
    while (said_.find(text) == std::string::npos) {
      if (sys::wait_readable(output_.borrow(), kWaitMs).or_throw("wait") == sys::Readiness::TimedOut) return false;
      char buffer[4096];
      const auto got = sys::read_some(output_.borrow(), buffer, sizeof buffer).or_throw("read");
      if (got == 0) return false;
      said_.append(buffer, got);
    }
    return true;
  }
  const std::string& said() const { return said_; }

  std::vector<pid_t> children() const {
    std::vector<pid_t> pids;
    const std::string list =
        sys::read_file(sys::kCwd, text::join("/proc/", pid_, "/task/", pid_, "/children").c_str()).value_or(std::string());
    for (const std::string_view part : text::split(list, ' '))
      if (const auto pid = text::parse_number<pid_t>(text::trim(part))) pids.push_back(*pid);
    return pids;
  }
  std::string status_field(std::string_view name) const {
    const std::string all = sys::read_file(sys::kCwd, text::join("/proc/", pid_, "/status").c_str()).value_or(std::string());
    for (const std::string_view line : text::split(all, '\n'))
      if (line.starts_with(name)) return std::string(text::trim(line.substr(name.size() + 1)));
    return {};
  }

 private:
  [[noreturn]] static void become(const Peer& peer, std::vector<std::string>& argv, const Wishes& wishes) {
    std::vector<char*> words;
    if (peer.path != nullptr) {
      words.push_back(const_cast<char*>(peer.name));
      words.push_back(const_cast<char*>("--"));
    }
    for (std::string& word : argv) words.push_back(word.data());
    words.push_back(nullptr);
    if (peer.path != nullptr) {
      execv(peer.path, words.data());
      _exit(125);
    }
    const int status = run_init(wishes.options, wishes.payload != nullptr ? wishes.payload : exec_argv, words.data());
    _exit(status < 0 ? 124 : status);
  }

  pid_t pid_ = 0;
  sys::UniqueFd output_;
  std::string said_;
};

std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

template <class Condition>
bool eventually(Condition condition) {
  for (int tries = 0; tries < 500; ++tries) {
    if (condition()) return true;
    sys::sleep_ns(10'000'000);
  }
  return false;
}

class AnyInit : public ::testing::TestWithParam<Peer> {
 protected:
  void SetUp() override {
    if (GetParam().path != nullptr && access(GetParam().path, X_OK) != 0) GTEST_SKIP() << GetParam().path << " is not installed";
  }
};
INSTANTIATE_TEST_SUITE_P(Peers, AnyInit, ::testing::Values(kOurs, kTini, kCatatonit),
                         [](const auto& peer) { return std::string(peer.param.name); });

TEST_P(AnyInit, EndsAsThePayloadEnded) {
  for (const int status : {0, 1, 7, 127, 255})
    EXPECT_EQ(Running(GetParam(), shell(text::join("exit ", status))).status(), status) << status;
  for (const int signal : {SIGKILL, SIGTERM, SIGUSR1})
    EXPECT_EQ(Running(GetParam(), shell(text::join("kill -", signal, " $$"))).status(), 128 + signal) << signal;
}

TEST_P(AnyInit, ForwardsSignalsThatItWouldNotGetItself) {
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM, SIGALRM, SIGWINCH, SIGPWR}) {
    Running init(GetParam(), shell(text::join("trap 'exit 42' ", signal, "; echo ready; while :; do sleep 0.02; done")));
    ASSERT_TRUE(init.says("ready"));
    init.send(signal);
    EXPECT_EQ(init.status(), 42) << signal;
  }
}

TEST_P(AnyInit, ReapsEveryOrphan) {
  Running init(GetParam(), shell("i=0; while [ $i -lt 100 ]; do (sh -c 'kill -STOP $$; exit 3' & kill -CONT $!) 2>/dev/null; (true &); "
                                 "i=$((i+1)); done; (sleep 0.1 &); echo ready; while :; do sleep 0.05; done"));
  ASSERT_TRUE(init.says("ready"));
  if (GetParam().path == nullptr) {
    // Stopped orphans live on; ended ones are gone at once.
    EXPECT_TRUE(eventually([&] {
      for (const pid_t child : init.children()) {
        const std::string stat = sys::read_file(sys::kCwd, text::join("/proc/", child, "/stat").c_str()).value_or(std::string());
        if (stat.find(") Z ") != std::string::npos) return false;
      }
      return true;
    }));
  }
  init.send(SIGTERM);
  EXPECT_EQ(init.status(), 128 + SIGTERM);
}

TEST_P(AnyInit, DoesNotWaitForOrphansThatLiveOn) {
  Running init(GetParam(), shell("sleep 1000 & exit 9"));
  EXPECT_EQ(init.status(), 9);
}

TEST(Init, TellsWhatCouldNotBeExecuted) {
  EXPECT_EQ(Running(kOurs, {"/no/such/program"}).status(), 127);
  EXPECT_EQ(Running(kOurs, {"/etc/passwd"}).status(), 126);
  EXPECT_EQ(Running(kOurs, {"/etc"}).status(), 126);
}

TEST(Init, GivesThePayloadTheMaskAndDispositionsItFound) {
  Wishes wishes;
  wishes.before = [] {
    sigset_t mask;
    sigemptyset(&mask);
    for (const int signal : {SIGUSR1, SIGTSTP, SIGCHLD, 40}) sigaddset(&mask, signal);
    sigprocmask(SIG_SETMASK, &mask, nullptr);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTTOU, SIG_DFL);
  };
  Running init(kOurs, {"/bin/grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}, wishes);
  EXPECT_EQ(init.status(), 0);
  EXPECT_TRUE(init.says("SigIgn:\t0000000000011000\n")) << init.said();
  EXPECT_NE(init.said().find("SigBlk:\t0000008000090200\n"), std::string::npos) << init.said();
}

TEST(Init, PassesOnTheValueOfAQueuedSignal) {
  Wishes wishes;
  wishes.payload = [](void*) {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGRTMIN + 2);
    sigprocmask(SIG_BLOCK, &mask, nullptr);
    if (write(1, "ready", 5) != 5) return EIO;
    siginfo_t info{};
    sigwaitinfo(&mask, &info);
    _exit(info.si_value.sival_int);
  };
  Running init(kOurs, {"unused"}, wishes);
  ASSERT_TRUE(init.says("ready"));
  sigqueue(init.pid(), SIGRTMIN + 2, {.sival_int = 77});
  EXPECT_EQ(init.status(), 77);
}

TEST(Init, ReachesTheWholeGroupWhenAsked) {
  Wishes wishes;
  wishes.options.signal_target = InitOptions::Target::ProcessGroup;
  Running init(kOurs, shell("trap : TERM; sh -c 'trap \"echo child; exit\" TERM; echo ready; while :; do sleep 0.02; done'; exit 5"),
               wishes);
  ASSERT_TRUE(init.says("ready"));
  init.send(SIGTERM);
  EXPECT_EQ(init.status(), 5);
  EXPECT_TRUE(init.says("child"));
}

TEST(Init, KeepsNothingOpenButStdio) {
  Wishes wishes;
  wishes.before = [] {
    dup2(0, 10);
    dup2(0, 700);
  };
  Running init(kOurs, shell("[ -e /proc/self/fd/10 ] && echo ready; exec sleep 1000"), wishes);
  ASSERT_TRUE(init.says("ready"));
  EXPECT_TRUE(eventually([&] {
    const auto dir = sys::open_at(sys::kCwd, text::join("/proc/", init.pid(), "/fd").c_str(), O_RDONLY).or_throw("open");
    return sys::list_dir(dir.borrow()).or_throw("list").size() == 3;
  }));
}

TEST(Init, SleepsUntilSomethingHappens) {
  Running init(kOurs, shell("echo ready; exec sleep 1000"));
  ASSERT_TRUE(init.says("ready"));
  sys::sleep_ns(100'000'000);
  const std::string before = init.status_field("voluntary_ctxt_switches:");
  sys::sleep_ns(1'300'000'000);
  EXPECT_EQ(init.status_field("voluntary_ctxt_switches:"), before);
}

TEST(Init, WritesThePidOfThePayloadForSocketActivation) {
  static char variable[kListenPidSize] = "LISTEN_PID=1";
  Wishes wishes;
  wishes.options.listen_pid = variable;
  wishes.payload = [](void*) -> int {
    const std::string expected = text::join("LISTEN_PID=", getpid());
    _exit(expected == variable ? 0 : 1);
  };
  EXPECT_EQ(Running(kOurs, {"unused"}, wishes).status(), 0);
}

TEST(Init, StopsAndContinuesWithThePayloadBelowAShell) {
  Wishes wishes;
  wishes.new_pid_namespace = false;
  Running init(kOurs, shell("kill -STOP $$; exit 5"), wishes);
  int status = 0;
  ASSERT_EQ(waitpid(init.pid(), &status, WUNTRACED), init.pid());
  ASSERT_TRUE(WIFSTOPPED(status));
  init.send(SIGCONT);
  EXPECT_EQ(init.status(), 5);
}

TEST(Init, StaysStoppedWhenAskedTo) {
  Running init(kOurs, shell("echo ready; exec sleep 1000"));
  ASSERT_TRUE(init.says("ready"));
  ASSERT_TRUE(eventually([&] { return init.children().size() == 1; }));
  const pid_t payload = init.children().front();
  const auto state = [&] {
    const std::string stat = sys::read_file(sys::kCwd, text::join("/proc/", payload, "/stat").c_str()).value_or(std::string("? ?) ?"));
    return stat[stat.rfind(')') + 2];
  };
  init.send(SIGTSTP);
  EXPECT_TRUE(eventually([&] { return state() == 'T'; }));
  init.send(SIGCONT);
  EXPECT_TRUE(eventually([&] { return state() == 'S'; }));
}

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
      if (sys::wait_readable(master_.borrow(), 2000).or_throw("wait") == sys::Readiness::TimedOut) return false;
      char buffer[4096];
      shown_.append(buffer, sys::read_some(master_.borrow(), buffer, sizeof buffer).or_throw("read"));
    }
    shown_.erase(0, shown_.find(text) + text.size());
    return true;
  }

  sys::UniqueFd master_, slave_;
  std::string shown_;
  Wishes wishes_;
};

TEST_F(InitOnTerminal, GivesThePayloadItsForeground) {
  // Fields of proc(5) stat: 1 pid, 5 pgrp, 8 tpgid.
  Running init(kOurs, shell("read -r pid name state ppid pgrp session tty tpgid rest </proc/self/stat; "
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
  ASSERT_TRUE(shows("# ") || shows("$ "));
  type("cat\n");
  type("hello\n");
  ASSERT_TRUE(init.says("hello"));
  type("\x1a");
  ASSERT_TRUE(shows("Stopped")) << shown_;
  ASSERT_TRUE(shows("# ") || shows("$ "));
  type("fg\n");
  ASSERT_TRUE(init.says("cat\n"));
  type("again\n");
  EXPECT_TRUE(init.says("again"));
  type("\x03");
  ASSERT_TRUE(shows("# ") || shows("$ "));
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
