// start, state, kill and delete against a first process that is a stand-in.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "fake_container.hpp"
#include "launch/wire.hpp"

namespace caisson::lifecycle {
namespace {

template <class Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

void go_ahead(sys::UniqueFd& connection) { (void)sys::send_with_fds(connection.borrow(), "G"); }
void fail(sys::UniqueFd& connection) {
  const Error error(ErrorKind::Payload, "execute /bin/x", ENOENT);
  (void)sys::send_with_fds(connection.borrow(), launch::encode_failure(error));
  connection.reset();
  _exit(127);
}

TEST_F(FakeContainer, StartEndsWhenTheProgramRuns) {
  create(go_ahead);
  EXPECT_EQ(state(context_, "box").status, "created");
  start(context_, "box");
  EXPECT_FALSE(start_pending());
  const spec::State now = state(context_, "box");
  EXPECT_EQ(now.status, "running");
  EXPECT_EQ(now.pid, init_);
  EXPECT_EQ(now.oci_version, "1.3.0");
}

TEST_F(FakeContainer, StartReportsTheFailureThatTheProcessSends) {
  create(fail);
  EXPECT_EQ(error_of([&] { start(context_, "box"); }), "execute /bin/x: No such file or directory");
}

TEST_F(FakeContainer, StartReportsAFailureAfterGoingAhead) {
  create([](sys::UniqueFd& connection) {
    go_ahead(connection);
    fail(connection);
  });
  EXPECT_EQ(error_of([&] { start(context_, "box"); }), "execute /bin/x: No such file or directory");
}

TEST_F(FakeContainer, StartSaysThatTheProcessDiedInsteadOfAnswering) {
  create([](sys::UniqueFd&) { _exit(1); });
  EXPECT_EQ(error_of([&] { start(context_, "box"); }), "the container's first process ended before it ran the program");
}

TEST_F(FakeContainer, StartIsForCreatedContainersOnly) {
  EXPECT_EQ(error_of([&] { start(context_, "box"); }), "container does not exist: \"box\"");
  create(go_ahead);
  start(context_, "box");
  EXPECT_EQ(error_of([&] { start(context_, "box"); }), "cannot start an already running container");
  ::kill(init_, SIGKILL);
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(init_), &info, WEXITED | WNOWAIT);  // a zombie that nobody has reaped yet is stopped
  EXPECT_EQ(error_of([&] { start(context_, "box"); }), "cannot start a container that has stopped");
  EXPECT_EQ(state(context_, "box").status, "stopped");
  EXPECT_EQ(state(context_, "box").pid, 0);
}

TEST_F(FakeContainer, StartRecoversFromOneThatWasKilledBeforeItRemovedTheSocket) {
  create([](sys::UniqueFd&) {});
  // As a killed `start` leaves it: the order was given, nobody listens, the socket file is there.
  {
    state::ContainerFile file = state::StateRoot::open(context_.state_root)->open_container("box");
    sys::UniqueFd connection =
        sys::connect_to(file.directory(), file.start_socket().c_str(), sys::SocketType::SeqPacket, 1000).or_throw("connect");
    ASSERT_TRUE(sys::send_with_fds(connection.borrow(), "S").ok());
    ASSERT_TRUE(sys::receive_with_fds(connection.borrow(), 16).or_throw("receive").end());
  }
  EXPECT_EQ(error_of([&] { start(context_, "box"); }), "cannot start an already running container");
  EXPECT_FALSE(start_pending());
}

TEST_F(FakeContainer, PoststartHooksGetTheRunningStateAndTheirFailureEndsTheContainer) {
  record_.poststart = {{.path = "/bin/sh", .args = {"sh", "-c", "/bin/cat >poststart; exit 1"}}};
  create(go_ahead);
  EXPECT_EQ(error_of([&] { start(context_, "box"); }), "error running poststart hook #0: \"/bin/sh\": exit status 1");
  const std::string given = sys::read_file(sys::kCwd, (directory_ + "/poststart").c_str()).value_or("");
  EXPECT_NE(given.find("\"status\":\"running\""), std::string::npos) << given;
  EXPECT_EQ(state(context_, "box").status, "stopped");
}

TEST_F(FakeContainer, KillReachesTheProcessAndOnlyWhileItRuns) {
  create(go_ahead);
  kill(context_, {.id = "box", .signal = 0});
  kill(context_, {.id = "box", .signal = SIGTERM});
  reap();
  EXPECT_EQ(error_of([&] { kill(context_, {.id = "box", .signal = SIGTERM}); }), "container not running");
  kill(context_, {.id = "box", .signal = SIGTERM, .all = true});
}

TEST_F(FakeContainer, DeleteEndsACreatedContainer) {
  create(go_ahead);
  destroy(context_, {.id = "box"});
  EXPECT_FALSE(exists());
  reap();
}

TEST_F(FakeContainer, DeleteRefusesARunningContainerUnlessForced) {
  create(go_ahead);
  start(context_, "box");
  EXPECT_EQ(error_of([&] { destroy(context_, {.id = "box"}); }), "cannot delete container box that is not stopped: running");
  EXPECT_EQ(state(context_, "box").status, "running");
  destroy(context_, {.id = "box", .force = true});
  EXPECT_FALSE(exists());
}

TEST_F(FakeContainer, DeleteOfNothingIsAnErrorUnlessForced) {
  EXPECT_EQ(error_of([&] { destroy(context_, {.id = "box"}); }), "container does not exist: \"box\"");
  destroy(context_, {.id = "box", .force = true});
}

TEST_F(FakeContainer, DeleteRunsAllPoststopHooksAndOnlyWarns) {
  record_.poststop = {{.path = "/bin/false"}, {.path = "/bin/sh", .args = {"sh", "-c", "/bin/cat >poststop"}}};
  create(go_ahead);
  destroy(context_, {.id = "box"});
  EXPECT_EQ(fake_warnings, "p: warning: error running poststop hook #0: \"/bin/false\": exit status 1\n");
  const std::string given = sys::read_file(sys::kCwd, (directory_ + "/poststop").c_str()).value_or("");
  EXPECT_NE(given.find("\"status\":\"stopped\""), std::string::npos) << given;
  EXPECT_FALSE(exists());
}

TEST_F(FakeContainer, DeleteByForceRemovesWhatCannotBeRead) {
  create(go_ahead);
  const std::string path = context_.state_root + "/box";
  ASSERT_EQ(truncate(path.c_str(), 10), 0);
  EXPECT_NE(error_of([&] { destroy(context_, {.id = "box"}); }), "no error");
  EXPECT_TRUE(exists());
  destroy(context_, {.id = "box", .force = true});
  EXPECT_FALSE(exists());
  EXPECT_NE(fake_warnings.find("cannot be read"), std::string::npos);
}

TEST_F(FakeContainer, DeleteFinishesACreateThatWasKilled) {
  // The lock of a creator that was killed died with it.
  state::StateRoot::open_or_create(context_.state_root)
      .create("box")
      .write_intent({.id = "box", .bundle = "/b", .cgroups = {}});
  EXPECT_EQ(state(context_, "box").status, "stopped");
  destroy(context_, {.id = "box"});
  EXPECT_FALSE(exists());
}

TEST_F(FakeContainer, ListGoesOnPastABrokenEntry) {
  create(go_ahead);
  state::StateRoot::open(context_.state_root)->create("broken").write_intent({.id = "broken", .bundle = "/b", .cgroups = {}});
  ASSERT_EQ(truncate((context_.state_root + "/broken").c_str(), 5), 0);
  const std::vector<ListEntry> entries = list(context_);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].state.id, "box");
  EXPECT_EQ(entries[0].state.status, "created");
  EXPECT_EQ(entries[0].problem, "");
  EXPECT_EQ(entries[1].state.id, "broken");
  EXPECT_NE(entries[1].problem, "");
}

TEST_F(FakeContainer, PsWithoutACgroupKnowsTheFirstProcess) {
  create(go_ahead);
  EXPECT_EQ(ps(context_, "box"), std::vector<pid_t>{init_});
}

TEST_F(FakeContainer, ExecMakesItsProcessOfTheConfiguredOne) {
  create(go_ahead);
  std::vector<std::string> seen;
  ExecRequest request{.id = "box"};
  request.of_configured = [&seen](spec::Process&& configured) -> spec::Process {
    seen = configured.env;
    throw Error(ErrorKind::Usage, "enough");
  };
  EXPECT_EQ(error_of([&] { exec(context_, request); }), "enough");
  EXPECT_EQ(seen, std::vector<std::string>{"A=b"});
}

}  // namespace
}  // namespace caisson::lifecycle
