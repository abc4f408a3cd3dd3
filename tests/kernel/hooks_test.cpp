#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "base/error.hpp"
#include "process/hooks.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::process {
namespace {

class Hooks : public testing::Test {
 protected:
  Hooks() {
    char name[] = "/tmp/caisson-hooks-XXXXXX";
    directory_ = mkdtemp(name);
  }
  ~Hooks() override {
    for (const sys::DirEntry& entry : sys::list_dir(dir_fd().borrow()).value_or({}))
      unlink((directory_ + "/" + entry.name).c_str());
    rmdir(directory_.c_str());
  }

  sys::UniqueFd dir_fd() { return sys::open_at(sys::kCwd, directory_.c_str(), O_RDONLY | O_DIRECTORY).or_throw("open"); }
  static spec::Hook shell(const std::string& script) { return {.path = "/bin/sh", .args = {"sh", "-c", script}}; }
  void run(const std::vector<spec::Hook>& hooks, std::string_view state = "{\"id\":\"x\"}") {
    run_hooks({"createRuntime", hooks, state, directory_});
  }
  std::string failure(const std::vector<spec::Hook>& hooks) {
    try {
      run(hooks);
    } catch (const Error& error) {
      return error.message();
    }
    ADD_FAILURE() << "the hook succeeded";
    return {};
  }
  std::string read(const char* name) { return sys::read_file(dir_fd().borrow(), name).or_throw("read ", name); }

  std::string directory_;
};

TEST_F(Hooks, GetTheStateOnStandardInputAndRunInTheBundle) {
  run({shell("cat >in; pwd >cwd")}, "{\"id\":\"web\"}");
  EXPECT_EQ(read("in"), "{\"id\":\"web\"}");
  EXPECT_EQ(read("cwd"), directory_ + "\n");
}

TEST_F(Hooks, GetALargeStateWholeWhetherTheyReadItOrNot) {
  const std::string large(1 << 20, 'x');
  run({shell("exit 0"), shell("wc -c >size")}, large);
  EXPECT_EQ(std::stoi(read("size")), 1 << 20);
}

TEST_F(Hooks, HaveExactlyTheEnvironmentThatTheyName) {
  setenv("CAISSON_LEAK", "1", 1);
  spec::Hook hook = shell("cat /proc/$$/environ | tr '\\0' '\\n' >env");
  hook.env = std::vector<std::string>();
  run({hook});
  EXPECT_EQ(read("env"), "");
  hook.env = std::vector<std::string>{"A=b", "C=d", "PATH=/usr/bin:/bin"};
  run({hook});
  EXPECT_EQ(read("env"), "A=b\nC=d\nPATH=/usr/bin:/bin\n");
}

TEST_F(Hooks, HaveTheEnvironmentOfTheRuntimeWhenTheyNameNone) {
  setenv("CAISSON_LEAK", "1", 1);
  run({shell("echo \"$CAISSON_LEAK\" >leak")});
  EXPECT_EQ(read("leak"), "1\n");
}

TEST_F(Hooks, RunInTheirOrderAndStopAtTheFirstFailure) {
  const std::string text = failure({shell("echo 1 >>order"), shell("echo 2 >>order; exit 3"), shell("echo 3 >>order")});
  EXPECT_EQ(read("order"), "1\n2\n");
  EXPECT_EQ(text, "error running createRuntime hook #1: \"/bin/sh\": exit status 3");
}

TEST_F(Hooks, QuoteWhatTheHookPrinted) {
  EXPECT_EQ(failure({shell("echo to out; echo to err >&2; exit 1")}),
            "error running createRuntime hook #0: \"/bin/sh\": exit status 1, stdout: \"to out\", stderr: \"to err\"");
  EXPECT_EQ(failure({shell("kill -9 $$")}), "error running createRuntime hook #0: \"/bin/sh\": was killed by signal 9");
}

TEST_F(Hooks, KeepTheEndOfALongOutput) {
  const std::string text = failure({shell("head -c 300000 /dev/zero | tr '\\0' x; echo the reason; exit 1")});
  EXPECT_LT(text.size(), 4096U);
  EXPECT_NE(text.find("xxx the reason"), 0U);
  EXPECT_NE(text.find("the reason\""), std::string::npos) << text;
}

TEST_F(Hooks, NeverWaitForAStreamThatNobodyReadsWhileTheOtherIsFull) {
  const std::string text = failure({shell(
      "for i in 1 2 3; do head -c 200000 /dev/zero >&2; head -c 200000 /dev/zero; done; echo out; echo err >&2; exit 1")});
  EXPECT_NE(text.find("out\", stderr: "), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("err\"")) << text;
}

TEST_F(Hooks, NameWhatCannotBeExecuted) {
  const spec::Hook missing{.path = "/no/such/hook"};
  EXPECT_EQ(failure({missing}), "error running createRuntime hook #0: \"/no/such/hook\": execute in \"" + directory_ +
                                    "\": No such file or directory");
}

TEST_F(Hooks, HaveTheirPathAsTheirNameWhenNoArgumentsAreGiven) { run({spec::Hook{.path = "/bin/true"}}); }

TEST_F(Hooks, AreKilledWithAllTheirChildrenWhenTimeIsUp) {
  spec::Hook hook = shell("sleep 300 & echo $! >child; echo waiting; sleep 300");
  hook.timeout = 1;
  const std::uint64_t before = sys::monotonic_ns();
  EXPECT_EQ(failure({hook}),
            "error running createRuntime hook #0: \"/bin/sh\": did not end within 1 s and was killed, stdout: \"waiting\"");
  EXPECT_LT(sys::monotonic_ns() - before, 5'000'000'000U);
  const int child = std::stoi(read("child"));
  for (int i = 0; i < 200 && kill(child, 0) == 0; ++i) sys::sleep_ns(5'000'000);  // until its new parent has reaped it
  const std::string stat = "/proc/" + std::to_string(child) + "/stat";
  const std::string state = sys::read_file(sys::kCwd, stat.c_str()).value_or("gone ) Z");
  EXPECT_NE(state.find(") Z"), std::string::npos) << state;
}

TEST_F(Hooks, DoNotWaitForAChildThatKeepsTheOutputOpen) {
  const std::uint64_t before = sys::monotonic_ns();
  run({shell("sleep 20 & echo $! >child; exit 0")});
  EXPECT_LT(sys::monotonic_ns() - before, 5'000'000'000U);
  kill(std::stoi(read("child")), SIGKILL);
}

TEST_F(Hooks, StartWithDefaultSignalsAndThreeDescriptors) {
  const sys::UniqueFd leaked(open("/dev/null", O_RDONLY));
  std::uint64_t previous = 0;
  ASSERT_TRUE(sys::block_signals(1U << (SIGTERM - 1), &previous).ok());
  signal(SIGPIPE, SIG_IGN);
  // exec: a shell that waits for a child may have all signals blocked when the child looks at it.
  run({shell("ls /proc/$$/fd | tr '\\n' ' ' >fds; exec grep -E '^Sig(Blk|Ign)' /proc/self/status >signals")});
  signal(SIGPIPE, SIG_DFL);
  ASSERT_TRUE(sys::set_signal_mask(previous).ok());
  EXPECT_EQ(read("fds").substr(0, 6), "0 1 2 ");
  EXPECT_EQ(read("signals"), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

std::string warned;

TEST_F(Hooks, AreAllRunWhenAFailureIsOnlyAWarning) {
  warned.clear();
  LogSink log({.program = "p"}, {nullptr, [](std::string_view line) { warned += line; }, nullptr});
  const std::vector<spec::Hook> hooks{shell("exit 2"), shell("touch second")};
  run_hooks_and_warn({"poststop", hooks, "{}", directory_}, log);
  EXPECT_EQ(warned, "p: warning: error running poststop hook #0: \"/bin/sh\": exit status 2\n");
  EXPECT_EQ(access((directory_ + "/second").c_str(), F_OK), 0);
}

}  // namespace
}  // namespace caisson::process
