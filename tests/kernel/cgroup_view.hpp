// Cgroups of a test's own in the two layouts that matter: as this machine has them mounted, and pure v2. The second is made in
// a private mount namespace of a child. Every test cgroup is below caisson-test-PID and is removed by the test.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <functional>

#include "cgroup/guard.hpp"
#include "cgroup/live.hpp"
#include "in_child.hpp"
#include "sys/process.hpp"

namespace caisson::test {

enum class View { Host, PureV2 };

inline std::string view_name(const ::testing::TestParamInfo<View>& view) {
  return view.param == View::Host ? "Host" : "PureV2";
}

inline void enter(View view) {
  if (view == View::Host) return;
  REQUIRE(::unshare(CLONE_NEWNS) == 0);
  REQUIRE(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
  ::umount2("/sys/fs/cgroup", MNT_DETACH);
  REQUIRE(::mount("none", "/sys/fs/cgroup", "cgroup2", 0, nullptr) == 0);
}

class CgroupTest : public ::testing::TestWithParam<View> {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    if (cgroup::probe_cgroups().mode == cgroup::Mode::None) GTEST_SKIP() << "no cgroup hierarchy is mounted";
  }
  // 0, or the line of the first REQUIRE that failed.
  int in_view(const std::function<void()>& body) const {
    return in_child([&] {
      enter(GetParam());
      body();
    });
  }
};

inline cgroup::CgroupPlan test_plan(std::string_view below, std::span<const spec::DeviceRule> devices = {}) {
  const std::string path = text::join("/caisson-test-", ::getpid(), below);
  return cgroup::plan_cgroup({.cgroups_path = path, .container_id = "unused", .device_rules = devices},
                             cgroup::probe_cgroups());
}

inline bool exists(const cgroup::Place& place) { return sys::status_at(sys::kCwd, place.directory().c_str()).ok(); }

// A child inside the cgroups that runs `body`; without one it sleeps until it is killed.
inline pid_t start_inside(const cgroup::CgroupGuard& guard, const std::function<int()>& body = {}) {
  auto gate = sys::make_pipe().or_throw("pipe");
  sys::abi::CloneArgs args{.exit_signal = SIGCHLD};
  if (const auto v2 = guard.v2()) {
    args.flags = sys::abi::kCloneIntoCgroup;
    args.cgroup = static_cast<std::uint64_t>(v2->get());
  }
  const pid_t child = sys::clone_process(args).or_throw("clone into cgroup");
  if (child == 0) {
    guard.enter_v1();
    gate.write.reset();
    if (body) ::_exit(body());
    for (;;) ::pause();
  }
  gate.write.reset();
  char byte;
  static_cast<void>(sys::read_some(gate.read.borrow(), &byte, 1));  // end of file: it has entered all
  return child;
}

inline int wait_status(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace caisson::test
