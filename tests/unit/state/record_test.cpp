#include "state/record.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "state/status.hpp"
#include "sys/file.hpp"
#include "sys/process_stat.hpp"

namespace caisson::state {
namespace {

Record full_record() {
  Record record;
  record.id = "web";
  record.bundle = "/b/\"odd\"\n";
  record.rootfs = "/b/rootfs";
  record.oci_version = "1.3.0";
  record.created = "2026-01-02T03:04:05.5Z";
  record.init = {.pid = 12, .start_time = 18446744073709551615U, .boot_id = "boot"};
  record.owner = 4294967294U;
  record.terminal = true;
  record.annotations = {{"a", "1"}, {"b", ""}};
  record.cgroups = {{"/sys/fs/cgroup", "a/web", ""}, {"/sys/fs/cgroup/cpu", "web", "cpu,cpuacct"}};
  record.namespaces = {{spec::NamespaceType::Pid, "", 7}, {spec::NamespaceType::Network, "/run/netns/x", 0}};
  using Env = std::vector<std::string>;
  record.poststop = {{.path = "/bin/hook", .args = {"hook", "x"}, .env = Env{"A=b"}, .timeout = 3},
                     {.path = "/bin/bare", .env = Env{}},
                     {.path = "/bin/heir"}};
  record.config = "{\n\t\"ociVersion\": \"1.3.0\"\n}\n";
  return record;
}

TEST(Record, SurvivesItsJson) {
  const Record before = full_record();
  const Record after = parse_record(to_json(before));
  EXPECT_EQ(after.bundle, before.bundle);
  EXPECT_EQ(after.init, before.init);
  EXPECT_EQ(after.owner, before.owner);
  EXPECT_TRUE(after.terminal);
  EXPECT_FALSE(after.systemd_cgroup);
  EXPECT_EQ(after.annotations, before.annotations);
  EXPECT_EQ(after.cgroups, before.cgroups);
  ASSERT_EQ(after.namespaces.size(), 2U);
  EXPECT_EQ(after.namespaces[1].path, "/run/netns/x");
  ASSERT_EQ(after.poststop.size(), 3U);
  EXPECT_EQ(after.poststop[0].timeout, 3);
  // `delete` has to know which of these hooks inherits its environment.
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(after.poststop[i].env, before.poststop[i].env);
  EXPECT_EQ(to_json(after), to_json(before));
}

TEST(Intent, SurvivesItsJson) {
  const Intent before{"web", "/b", {{"/m", "p", ""}}};
  const Intent after = parse_intent(to_json(before));
  EXPECT_EQ(after.cgroups, before.cgroups);
}

std::string refusal(const std::string& json) {
  try {
    static_cast<void>(parse_record(json));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::State);
    return error.message();
  }
  return "accepted";
}

TEST(Record, RefusesBrokenText) {
  EXPECT_TRUE(refusal("").starts_with("the record: "));
  EXPECT_TRUE(refusal("garbage").starts_with("the record: "));
  EXPECT_TRUE(refusal("{}").starts_with("the record: "));
  EXPECT_TRUE(refusal(std::string(100000, '[')).starts_with("the record: "));
  const std::string whole = to_json(full_record());
  for (std::size_t size = 0; size < whole.size(); size += 7) EXPECT_NE(refusal(whole.substr(0, size)), "accepted") << size;
}

TEST(Record, RefusesCgroupsOutsideOfTheirMount) {
  for (const char* path : {"", "../x", "a/../../b", "/a", "a//b", "."}) {
    Record record = full_record();
    record.cgroups[0].path = path;
    EXPECT_NE(refusal(to_json(record)).find("is not a clean relative path"), std::string::npos) << path;
  }
}

TEST(Record, RefusesANumberThatIsNoProcess) {
  Record record = full_record();
  record.init.pid = -1;  // kill(-1) would mean everybody
  EXPECT_EQ(refusal(to_json(record)), "the record: no process id");
}

TEST(Identity, HoldsForTheProcessItWasTakenFrom) {
  const Identity self = identify(::getpid(), "boot");
  EXPECT_NE(self.inode == 0, self.start_time == 0) << "one of them, as the kernel has it";
  EXPECT_TRUE(open_verified(self, "boot"));
  EXPECT_FALSE(open_verified(self, "next boot"));
  Identity other = self;
  ++(self.inode != 0 ? other.inode : other.start_time);
  EXPECT_FALSE(open_verified(other, "boot"));
  EXPECT_FALSE(open_verified({}, ""));
}

std::uint64_t start_time_of(pid_t pid) {
  const auto stat = sys::read_file(sys::kCwd, text::join("/proc/", pid, "/stat").c_str()).or_throw("read a process's stat");
  return sys::parse_process_stat(stat).value().start_time;
}

// Records of kernels before 6.9, and of earlier versions.
TEST(Identity, HoldsByTheStartTimeToo) {
  const std::uint64_t began = start_time_of(::getpid());
  EXPECT_TRUE(open_verified({.pid = ::getpid(), .start_time = began, .boot_id = "boot"}, "boot"));
  EXPECT_FALSE(open_verified({.pid = ::getpid(), .start_time = began + 1, .boot_id = "boot"}, "boot"));
  EXPECT_FALSE(open_verified({.pid = ::getpid(), .boot_id = "boot"}, "boot")) << "a record that says neither";
}

TEST(Identity, EndsWithTheProcessEvenBeforeItIsReaped) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  const Identity identity = identify(child, "boot");
  EXPECT_TRUE(open_verified(identity, "boot"));
  ::kill(child, SIGKILL);
  siginfo_t info;
  ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
  EXPECT_FALSE(open_verified(identity, "boot")) << "a zombie";
  const std::uint64_t began = start_time_of(child);
  EXPECT_FALSE(open_verified({.pid = child, .start_time = began, .boot_id = "boot"}, "boot")) << "a zombie by its start time";
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(open_verified(identity, "boot"));
  EXPECT_THROW(static_cast<void>(identify(child, "boot")), Error);
}

TEST(Identity, TellsWhetherItHasExecuted) {
  const Identity self = identify(::getpid(), "boot");
  EXPECT_EQ(has_executed(self, *open_verified(self, "boot")), std::optional(true));
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  const Identity copy = identify(child, "boot");
  const auto process = open_verified(copy, "boot");
  ASSERT_TRUE(process);
  EXPECT_EQ(has_executed(copy, *process), std::optional(false));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(has_executed(copy, *process), std::nullopt);
}

TEST(Status, FollowsFromTheSigns) {
  EXPECT_EQ(derive_status({.record = false, .being_made = true}), Status::Creating);
  EXPECT_EQ(derive_status({.record = false, .being_made = false}), Status::Stopped);
  EXPECT_EQ(derive_status({.record = true, .being_made = true, .init_alive = false, .start_pending = true}), Status::Stopped);
  EXPECT_EQ(derive_status({.record = true, .init_alive = true, .start_pending = true}), Status::Created);
  EXPECT_EQ(derive_status({.record = true, .init_alive = true}), Status::Running);
  for (const bool pending : {false, true})
    EXPECT_EQ(derive_status({.record = true, .init_alive = true, .init_prepares = true, .start_pending = pending}),
              Status::Creating);
  EXPECT_EQ(derive_status({.record = true, .init_alive = false, .init_prepares = true}), Status::Stopped);
  EXPECT_EQ(with_freezer(Status::Running, true), Status::Paused);
  EXPECT_EQ(with_freezer(Status::Created, true), Status::Paused);
  EXPECT_EQ(with_freezer(Status::Stopped, true), Status::Stopped);
  EXPECT_EQ(with_freezer(Status::Running, false), Status::Running);
  EXPECT_EQ(status_name(Status::Creating), "creating");
  EXPECT_EQ(status_name(Status::Stopped), "stopped");
}

}  // namespace
}  // namespace caisson::state
