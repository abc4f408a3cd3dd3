// The built-in PID 1 in a pid namespace, against what Debian's tini and catatonit do there.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <iterator>
#include <string>

#include "base/text.hpp"
#include "kernel/running_init.hpp"

namespace caisson::trampoline {
namespace {

class AnyInit : public ::testing::TestWithParam<Peer> {
 protected:
  void SetUp() override {
    if (GetParam().path != nullptr && access(GetParam().path, X_OK) != 0)
      GTEST_SKIP() << GetParam().path << " is not installed";
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
  Running init(GetParam(),
               shell("i=0; while [ $i -lt 100 ]; do (sh -c 'kill -STOP $$; exit 3' & kill -CONT $!) 2>/dev/null; (true &); "
                     "i=$((i+1)); done; (sleep 0.1 &); echo ready; while :; do sleep 0.05; done"));
  ASSERT_TRUE(init.says("ready"));
  if (GetParam().path == nullptr) {
    // Stopped orphans live on; ended ones are gone at once.
    EXPECT_TRUE(eventually([&] {
      for (const pid_t child : init.children()) {
        const std::string stat =
            sys::read_file(sys::kCwd, text::join("/proc/", child, "/stat").c_str()).value_or(std::string());
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
    // posix_spawn of glibc, which make uses, leaves signals 32 and 33 ignored in its children.
    sys::reset_signals();
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
  Running init(kOurs,
               shell("trap : TERM; sh -c 'trap \"echo child; exit\" TERM; echo ready; while :; do sleep 0.02; done'; exit 5"),
               wishes);
  ASSERT_TRUE(init.says("ready"));
  init.send(SIGTERM);
  EXPECT_EQ(init.status(), 5);
  EXPECT_TRUE(init.says("child"));
}

bool has_only_stdio(const Running& init) {
  const auto dir = sys::open_at(sys::kCwd, text::join("/proc/", init.pid(), "/fd").c_str(), O_RDONLY).or_throw("open");
  return sys::list_dir(dir.borrow()).or_throw("list").size() == 3;
}

TEST(Init, KeepsNothingOpenButStdio) {
  Wishes wishes;
  wishes.before = [] {
    dup2(0, 10);
    dup2(0, 700);
  };
  Running init(kOurs, shell("[ -e /proc/self/fd/10 ] && echo ready; exec sleep 1000"), wishes);
  ASSERT_TRUE(init.says("ready"));
  EXPECT_TRUE(eventually([&] { return has_only_stdio(init); }));
}

// By a filter that was loaded early, of an engine from before 5.9.
void refuse_close_range() {
  sock_filter instructions[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{std::size(instructions), instructions};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) _exit(126);
}

TEST(Init, KeepsNothingOpenWhereCloseRangeIsRefused) {
  Wishes wishes;
  wishes.before = [] {
    dup2(0, 10);
    dup2(0, 700);
    refuse_close_range();
  };
  Running init(kOurs, shell("[ -e /proc/self/fd/10 ] && echo ready; exec sleep 1000"), wishes);
  ASSERT_TRUE(init.says("ready"));
  EXPECT_TRUE(eventually([&] { return has_only_stdio(init); }));
}

TEST(Init, SleepsUntilSomethingHappens) {
  Running init(kOurs, shell("echo ready; exec sleep 1000"));
  ASSERT_TRUE(init.says("ready"));
  sys::sleep_ns(100'000'000);
  ASSERT_TRUE(eventually([&] { return init.status_field("State:").starts_with("S"); }));  // the payload may be ahead of it
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
    const std::string stat =
        sys::read_file(sys::kCwd, text::join("/proc/", payload, "/stat").c_str()).value_or(std::string("? ?) ?"));
    return stat[stat.rfind(')') + 2];
  };
  init.send(SIGTSTP);
  EXPECT_TRUE(eventually([&] { return state() == 'T'; }));
  init.send(SIGCONT);
  EXPECT_TRUE(eventually([&] { return state() == 'S'; }));
}

}  // namespace
}  // namespace caisson::trampoline
