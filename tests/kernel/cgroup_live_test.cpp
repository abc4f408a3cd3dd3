#include <algorithm>

#include "base/error.hpp"
#include "cgroup_view.hpp"

namespace caisson::test {
namespace {

using cgroup::CgroupGuard;
using cgroup::LiveCgroup;
using cgroup::Place;

class LiveCgroupTest : public CgroupTest {};
INSTANTIATE_TEST_SUITE_P(Views, LiveCgroupTest, ::testing::Values(View::Host, View::PureV2), view_name);

// A sub-cgroup "inner" in every place, as a container makes them, with this process in it.
void make_inner(const std::vector<Place>& places, pid_t pid) {
  for (const Place& place : places) {
    if (place.has_controller("cpuset")) continue;  // would need its processors first
    const std::string inner = place.directory() + "/inner";
    REQUIRE(sys::make_dir(sys::kCwd, inner.c_str(), 0755).ok());
    REQUIRE(sys::write_file(sys::kCwd, (inner + "/cgroup.procs").c_str(), text::join(pid)).ok());
  }
}

TEST_P(LiveCgroupTest, ListsEveryProcessOnceAcrossHierarchiesAndSubCgroups) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("");
              const CgroupGuard guard = CgroupGuard::create(plan);
              std::vector<pid_t> children{start_inside(guard), start_inside(guard), start_inside(guard)};
              make_inner(plan.places(), children[1]);
              const LiveCgroup cgroup(guard.places());
              std::ranges::sort(children);
              REQUIRE(cgroup.pids() == children);
              cgroup.signal_all(SIGKILL);
              for (const pid_t child : children) REQUIRE(wait_status(child) == 128 + SIGKILL);
              REQUIRE(cgroup.wait_empty(5000));
              REQUIRE(cgroup.remove().empty());
              for (const Place& place : plan.places()) REQUIRE(!exists(place));
              REQUIRE(cgroup.pids().empty() && cgroup.remove().empty() && !cgroup.is_frozen());  // all can be repeated
              cgroup.signal_all(SIGKILL);
            }),
            0);
}

TEST_P(LiveCgroupTest, KillsProcessesThatKeepForking) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("");
              const CgroupGuard guard = CgroupGuard::create(plan);
              const pid_t child = start_inside(guard, [] {
                ::signal(SIGCHLD, SIG_IGN);
                for (int generation = 0; generation < 20000; ++generation)
                  if (::fork() > 0) ::_exit(0);  // the child goes on under another pid
                return 0;
              });
              ::usleep(20000);
              const LiveCgroup cgroup(guard.places());
              cgroup.signal_all(SIGKILL);
              wait_status(child);
              REQUIRE(cgroup.wait_empty(5000));
            }),
            0);
}

TEST_P(LiveCgroupTest, SendsOtherSignalsToEveryProcessAndThaws) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("");
              const CgroupGuard guard = CgroupGuard::create(plan);
              const pid_t first = start_inside(guard), second = start_inside(guard);
              const LiveCgroup cgroup(guard.places());
              cgroup.signal_all(SIGTERM);
              REQUIRE(!cgroup.is_frozen());
              REQUIRE(wait_status(first) == 128 + SIGTERM && wait_status(second) == 128 + SIGTERM);
            }),
            0);
}

TEST_P(LiveCgroupTest, FreezesUntilThawed) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("");
              const CgroupGuard guard = CgroupGuard::create(plan);
              // With a handler: a signal that kills by default ends frozen processes of v2 as SIGKILL does.
              auto ready = sys::make_pipe().or_throw("pipe");
              const pid_t child = start_inside(guard, [&] {
                ::signal(SIGTERM, [](int) { ::_exit(7); });
                static_cast<void>(sys::write_full(ready.write.borrow(), "r"));
                for (;;) ::pause();
                return 0;
              });
              ready.write.reset();
              char byte = 0;
              REQUIRE(sys::read_some(ready.read.borrow(), &byte, 1).or_throw("read") == 1);  // the handler is there
              const LiveCgroup cgroup(guard.places());
              cgroup.freeze();
              REQUIRE(cgroup.is_frozen());
              cgroup.signal_all(SIGTERM);
              REQUIRE(cgroup.is_frozen());  // as it was before
              ::usleep(20000);
              REQUIRE(::waitpid(child, nullptr, WNOHANG) == 0);
              cgroup.thaw();
              REQUIRE(wait_status(child) == 7);
              REQUIRE(!cgroup.is_frozen());
            }),
            0);
}

TEST_P(LiveCgroupTest, KillsFrozenProcesses) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("");
              const CgroupGuard guard = CgroupGuard::create(plan);
              const pid_t child = start_inside(guard);
              const LiveCgroup cgroup(guard.places());
              cgroup.freeze();
              cgroup.signal_all(SIGKILL);
              REQUIRE(wait_status(child) == 128 + SIGKILL);
              REQUIRE(cgroup.wait_empty(5000));
            }),
            0);
}

TEST_P(LiveCgroupTest, SaysWhichCgroupCannotBeRemoved) {
  EXPECT_EQ(in_view([] {
              const auto plan = test_plan("");
              const CgroupGuard guard = CgroupGuard::create(plan);
              const pid_t child = start_inside(guard);
              const auto failures = LiveCgroup({guard.places().front()}).remove();
              REQUIRE(failures.all().size() == 1);
              REQUIRE(failures.all()[0].message() ==
                      text::join("remove cgroup ", guard.places().front().directory(), ": Device or resource busy"));
              ::kill(child, SIGKILL);
              wait_status(child);
            }),
            0);
}

TEST_P(LiveCgroupTest, CountsNoOutOfMemoryKillWhereNoneHappened) {
  EXPECT_EQ(in_view([] {
              const CgroupGuard guard = CgroupGuard::create(test_plan(""));
              REQUIRE(LiveCgroup(guard.places()).oom_kills() == 0);
            }),
            0);
}

TEST_P(LiveCgroupTest, NeverRemovesTheRootOfAHierarchy) {
  EXPECT_EQ(in_view([] {
              Place root = test_plan("").places().front();
              root.path.clear();
              REQUIRE(cgroup::remove_tree(root).err() == EINVAL);
            }),
            0);
}

}  // namespace
}  // namespace caisson::test
