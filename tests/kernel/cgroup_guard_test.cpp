#include <fcntl.h>

#include <random>

#include "base/error.hpp"
#include "cgroup/device_program.hpp"
#include "cgroup_view.hpp"
#include "sys/bpf.hpp"

namespace caisson::test {
namespace {

using cgroup::CgroupGuard;
using cgroup::LiveCgroup;
using cgroup::Place;

class CgroupGuardTest : public CgroupTest {};
INSTANTIATE_TEST_SUITE_P(Views, CgroupGuardTest, ::testing::Values(View::Host, View::PureV2), view_name);

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

// The group that test_plan() puts everything below, one per hierarchy.
void remove_groups(const cgroup::CgroupPlan& plan) {
  for (Place place : plan.places()) {
    place.path.resize(place.path.find('/') == std::string::npos ? place.path.size() : place.path.find('/'));
    REQUIRE(cgroup::remove_tree(place).ok());
  }
}

TEST_P(CgroupGuardTest, StandsInTheSameGroupByItsIdAsByItsPath) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("");
              const CgroupGuard guard = CgroupGuard::create(plan);
              const auto own_path = [](bool by_id) {
                const auto self = sys::open_pidfd(::getpid()).or_throw("open this process");
                return cgroup::probe_cgroups(cgroup::OwnPaths::Read, by_id ? &self : nullptr).v2.own;
              };
              const std::string outside = own_path(false);
              REQUIRE(own_path(true) == outside);
              const pid_t child = start_inside(guard, [&] {
                const std::string inside = own_path(false);
                return inside == outside || own_path(true) != inside || inside.empty() ? 1 : 0;
              });
              int status = -1;
              REQUIRE(::waitpid(child, &status, 0) == child);
              REQUIRE(status == 0);
            }),
            0);
}

TEST_P(CgroupGuardTest, TakesBackEveryLevelItMade) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("/a/b");
              {
                const CgroupGuard guard = CgroupGuard::create(plan);
                REQUIRE(guard.places().size() == plan.places().size());
                for (const Place& place : plan.places()) REQUIRE(exists(place));
              }
              for (Place place : plan.places()) {
                place.path.resize(place.path.find('/'));
                REQUIRE(!exists(place));
              }
            }),
            0);
}

TEST_P(CgroupGuardTest, LeavesLevelsThatWereThereOrAreUsedByOthers) {
  EXPECT_EQ(in_view([] {
              const auto ours = test_plan("/a/ours"), theirs = test_plan("/a/theirs");
              {
                const CgroupGuard guard = CgroupGuard::create(ours);
                CgroupGuard::create(theirs).commit();
              }
              for (const Place& place : ours.places()) REQUIRE(!exists(place));
              for (const Place& place : theirs.places()) REQUIRE(exists(place));
              static_cast<void>(CgroupGuard::create(theirs));  // empty and thawed: may be used, and stays
              for (const Place& place : theirs.places()) REQUIRE(exists(place));
              remove_groups(ours);
            }),
            0);
}

TEST_P(CgroupGuardTest, StaysAfterCommit) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("");
              CgroupGuard::create(plan).commit();
              for (const Place& place : plan.places()) REQUIRE(exists(place));
              REQUIRE(LiveCgroup(plan.places()).remove().empty());
              for (const Place& place : plan.places()) REQUIRE(!exists(place));
            }),
            0);
}

TEST_P(CgroupGuardTest, RefusesACgroupWithProcesses) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("");
              cgroup::refuse_occupied(plan);
              const CgroupGuard guard = CgroupGuard::create(plan);
              const pid_t child = start_inside(guard);
              const std::string expected = "container's cgroup is not empty: 1 process(es) found in ";
              REQUIRE(message_of([&] { cgroup::refuse_occupied(plan); }).starts_with(expected));
              REQUIRE(message_of([&] { static_cast<void>(CgroupGuard::create(plan)); }).starts_with(expected));
              for (const Place& place : plan.places()) REQUIRE(exists(place));
              ::kill(child, SIGKILL);
              REQUIRE(wait_status(child) == 128 + SIGKILL);
            }),
            0);
}

TEST_P(CgroupGuardTest, RefusesAFrozenCgroup) {
  EXPECT_EQ(
      in_view([] {
        const auto plan = test_plan("");
        const CgroupGuard guard = CgroupGuard::create(plan);
        LiveCgroup(plan.places()).freeze();
        REQUIRE(message_of([&] { cgroup::refuse_occupied(plan); }).starts_with("container's cgroup unexpectedly frozen: "));
        LiveCgroup(plan.places()).thaw();
        cgroup::refuse_occupied(plan);
      }),
      0);
}

int try_open(const char* path, int flags) {
  const auto opened = sys::open_at(sys::kCwd, path, flags);
  return opened.err();
}

TEST_P(CgroupGuardTest, LimitsDevicesToTheRules) {
  EXPECT_EQ(in_view([] {
              const std::vector<spec::DeviceRule> rules{
                  {.allow = false, .access = "rwm"},
                  {.allow = true, .type = spec::DeviceType::Char, .major = 1, .minor = 11, .access = "r"}};
              const auto plan = test_plan("", rules);
              const CgroupGuard guard = CgroupGuard::create(plan);
              guard.limit_devices(plan);
              const pid_t child = start_inside(guard, [] {
                if (try_open("/dev/null", O_RDWR) != 0 || try_open("/dev/urandom", O_RDONLY) != 0) return 1;
                if (try_open("/dev/kmsg", O_RDONLY) != 0) return 2;
                if (try_open("/dev/kmsg", O_WRONLY) != EPERM || try_open("/dev/kmsg", O_RDWR) != EPERM) return 3;
                const std::string node = text::join("/tmp/caisson-test-node-", ::getpid());
                if (!sys::make_node(sys::kCwd, node.c_str(), S_IFBLK | 0600, sys::device_number(7, 250)).ok()) return 4;
                const int denied = try_open(node.c_str(), O_RDONLY);
                static_cast<void>(sys::unlink_at(sys::kCwd, node.c_str()));
                return denied == EPERM ? 0 : 5;
              });
              REQUIRE(wait_status(child) == 0);
              REQUIRE(try_open("/dev/kmsg", O_WRONLY) == 0);  // only inside
            }),
            0);
}

TEST_P(CgroupGuardTest, IsEmptyForAnOrdinaryUserWhoAskedForNoPath) {
  EXPECT_EQ(in_view([] {
              REQUIRE(::setresgid(54321, 54321, 54321) == 0 && ::setresuid(54321, 54321, 54321) == 0);
              auto plan = cgroup::plan_cgroup({.container_id = "caisson-test-user", .privilege = cgroup::Privilege::Rootless},
                                              cgroup::probe_cgroups());
              CgroupGuard guard = CgroupGuard::create(plan);
              REQUIRE(guard.places().empty() && !guard.v2());
              guard.limit_devices(plan);
              plan.ignore_denied = false;
              REQUIRE(message_of([&] { static_cast<void>(CgroupGuard::create(plan)); }).starts_with("make cgroup "));
            }),
            0);
}

// The verifier of the running kernel is the judge of the shape; the unit tests are of the meaning.
TEST_P(CgroupGuardTest, LoadsDeviceProgramsOfAnyShape) {
  if (GetParam() == View::Host) GTEST_SKIP() << "the same in both views";
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    std::vector<spec::DeviceRule> rules;
    for (auto count = random() % 12; count > 0; --count)
      rules.push_back({.allow = random() % 2 == 0,
                       .type = random() % 3 == 0 ? spec::DeviceType::Block : spec::DeviceType::Char,
                       .major = random() % 4 == 0 ? std::nullopt : std::optional<std::int64_t>(random() % 12),
                       .minor = random() % 4 == 0 ? std::nullopt : std::optional<std::int64_t>(random() % 60),
                       .access = random() % 2 == 0 ? "rwm" : "rw"});
    const auto program = cgroup::device_program(cgroup::make_device_table(rules));
    if (program.empty()) continue;
    const auto loaded = sys::load_device_program(program);
    if (loaded.err() == EPERM) GTEST_SKIP() << "bpf(2) is forbidden here";
    ASSERT_EQ(loaded.err(), 0) << "round " << round << ", " << program.size() << " instructions";
  }
}

}  // namespace
}  // namespace caisson::test
