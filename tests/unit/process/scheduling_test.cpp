#include <gtest/gtest.h>

#include "process/cpu_affinity.hpp"
#include "process/io_priority.hpp"
#include "process/memory_policy.hpp"
#include "process/personality.hpp"
#include "process/scheduler.hpp"
#include "unit/process/expect_error.hpp"

namespace caisson::process {
namespace {

TEST(NumberList, ReadsWhatTheKernelWrites) {
  EXPECT_EQ(parse_number_list("0"), (NumberMask{1}));
  EXPECT_EQ(parse_number_list("0-3,7"), (NumberMask{0x8f}));
  EXPECT_EQ(parse_number_list("63-64"), (NumberMask{std::uint64_t{1} << 63, 1}));
  EXPECT_EQ(parse_number_list("1,1,1-1"), (NumberMask{2}));
  EXPECT_EQ(parse_number_list("0-1, 3")->front(), 0xbU);
  EXPECT_EQ(parse_number_list("1500")->size(), 24U);
  EXPECT_EQ(parse_number_list("65535")->size(), 1024U);
}

TEST(NumberList, RefusesEverythingElse) {
  for (const char* text :
       {"", ",", "0,", ",0", "3-1", "-1", "1-", "a", "0x1", "1--2", "1-2-3", "65536", "0-4294967295", "99999999999999999999"})
    EXPECT_EQ(parse_number_list(text), std::nullopt) << text;
}

TEST(NumberList, WritesTheShortestForm) {
  for (const char* text : {"0", "0-3,7", "5,63-64,1023", "0-65535"})
    EXPECT_EQ(format_number_list(*parse_number_list(text)), text);
  EXPECT_EQ(format_number_list({}), "");
}

TEST(CpuAffinity, KeepsAbsentListsAbsent) {
  const auto plan = plan_cpu_affinity({.initial = "", .final = "0-1"});
  EXPECT_FALSE(plan.in_own_cgroup);
  EXPECT_EQ(*plan.in_container_cgroup, (NumberMask{3}));
  const Error error = error_of([] { plan_cpu_affinity({.initial = "0-x", .final = ""}); });
  EXPECT_EQ(error.kind(), ErrorKind::Spec);
  EXPECT_EQ(error.message(), "execCPUAffinity.initial: invalid CPU list \"0-x\"");
}

TEST(CpuAffinity, AppliesMasksAndResetsToAllCpus) {
  const auto before = sys::get_cpu_affinity(0).or_throw("read");
  apply_cpu_affinity({.in_container_cgroup = NumberMask{1}, .reset = true});
  EXPECT_EQ(sys::get_cpu_affinity(0).or_throw("read").front(), 1U);
  apply_cpu_affinity({});
  EXPECT_EQ(sys::get_cpu_affinity(0).or_throw("read").front(), 1U);
  apply_cpu_affinity({.reset = true});
  EXPECT_EQ(sys::get_cpu_affinity(0).or_throw("read"), before);
  // A mask longer than the kernel's own is fine, one without any CPU of this machine is not.
  NumberMask far_away(1024);
  far_away.back() = 1;
  EXPECT_EQ(error_of([&] { apply_cpu_affinity({.in_container_cgroup = far_away}); }).errno_value(), EINVAL);
  far_away.front() = 1;
  apply_cpu_affinity({.in_container_cgroup = far_away});
  apply_cpu_affinity({.reset = true});
}

TEST(CpuAffinity, OfTheRuntimeChangesForTheCloneAlone) {
  const auto before = sys::get_cpu_affinity(0).or_throw("read");
  {
    const InitialCpuAffinity initial({.in_own_cgroup = NumberMask{1}});
    EXPECT_EQ(sys::get_cpu_affinity(0).or_throw("read").front(), 1U);
  }
  EXPECT_EQ(sys::get_cpu_affinity(0).or_throw("read"), before);
}

TEST(Scheduler, PlansEachPolicyWithItsOwnSettings) {
  EXPECT_EQ(plan_scheduler({.policy = "SCHED_BATCH", .nice = 19}).policy, 3U);
  EXPECT_EQ(plan_scheduler({.policy = "SCHED_FIFO", .priority = 50}).priority, 50U);
  const auto deadline =
      plan_scheduler({.policy = "SCHED_DEADLINE", .flags = {"SCHED_FLAG_RECLAIM"}, .runtime = 1, .deadline = 2, .period = 3});
  EXPECT_EQ(deadline.policy, 6U);
  EXPECT_EQ(deadline.flags, 2U);
  EXPECT_EQ(deadline.period, 3U);
}

TEST(Scheduler, RefusesSettingsOfOtherPolicies) {
  const spec::Scheduler wrong[] = {
      {.policy = ""},
      {.policy = "SCHED_ISO"},
      {.policy = "SCHED_OTHER", .nice = 20},
      {.policy = "SCHED_OTHER", .nice = -21},
      {.policy = "SCHED_OTHER", .priority = 1},
      {.policy = "SCHED_FIFO"},
      {.policy = "SCHED_FIFO", .priority = 100},
      {.policy = "SCHED_OTHER", .runtime = 1},
      {.policy = "SCHED_OTHER", .flags = {"SCHED_FLAG_NONSENSE"}},
  };
  for (const spec::Scheduler& scheduler : wrong)
    EXPECT_EQ(error_of([&] { plan_scheduler(scheduler); }).kind(), ErrorKind::Spec);
}

TEST(Scheduler, ReachesTheKernel) {
  apply_scheduler(plan_scheduler({.policy = "SCHED_BATCH"}));
  EXPECT_EQ(sys::get_scheduling(0).or_throw("read").policy, 3U);
  apply_scheduler(plan_scheduler({.policy = "SCHED_OTHER"}));
  EXPECT_EQ(sys::get_scheduling(0).or_throw("read").policy, 0U);
}

TEST(IoPriority, PlansTheWordOfTheKernel) {
  EXPECT_EQ(plan_io_priority({.io_class = "IOPRIO_CLASS_BE", .priority = 4}), 2 << 13 | 4);
  EXPECT_EQ(plan_io_priority({.io_class = "IOPRIO_CLASS_IDLE"}), 3 << 13);
  EXPECT_EQ(error_of([] { plan_io_priority({.io_class = "IOPRIO_CLASS_NONE"}); }).kind(), ErrorKind::Spec);
  EXPECT_EQ(error_of([] { plan_io_priority({.io_class = "IOPRIO_CLASS_BE", .priority = 8}); }).kind(), ErrorKind::Spec);
  EXPECT_EQ(error_of([] { plan_io_priority({.io_class = "IOPRIO_CLASS_BE", .priority = -1}); }).kind(), ErrorKind::Spec);
}

TEST(IoPriority, ReachesTheKernel) {
  apply_io_priority(2 << 13 | 6);
  EXPECT_EQ(sys::get_io_priority(0).or_throw("read"), 2 << 13 | 6);
}

TEST(Personality, KnowsTwoDomainsAndNoFlags) {
  EXPECT_EQ(plan_personality({.domain = "LINUX"}), 0U);
  EXPECT_EQ(plan_personality({.domain = "LINUX32"}), 8U);
  EXPECT_EQ(error_of([] { plan_personality({.domain = "BSD"}); }).kind(), ErrorKind::Spec);
  EXPECT_EQ(error_of([] { plan_personality({.domain = "LINUX", .flags = {"ADDR_NO_RANDOMIZE"}}); }).message(),
            "unknown personality flag \"ADDR_NO_RANDOMIZE\"");
}

TEST(Personality, ReachesTheKernel) {
  apply_personality(8);
  EXPECT_EQ(sys::get_personality().or_throw("read") & 0xff, 8U);
  apply_personality(0);
}

TEST(MemoryPolicy, PlansModesFlagsAndNodes) {
  const auto plan = plan_memory_policy({.mode = "MPOL_BIND", .nodes = "0-1", .flags = {"MPOL_F_STATIC_NODES"}});
  EXPECT_EQ(plan.mode, 2 | 1 << 15);
  EXPECT_EQ(plan.nodes, (NumberMask{3}));
  EXPECT_EQ(plan_memory_policy({.mode = "MPOL_DEFAULT"}).mode, 0);
  EXPECT_TRUE(plan_memory_policy({.mode = "MPOL_PREFERRED"}).nodes.empty());
}

TEST(MemoryPolicy, RefusesWhatTheModeDoesNotTake) {
  const spec::MemoryPolicy wrong[] = {
      {.mode = ""},
      {.mode = "MPOL_NONSENSE"},
      {.mode = "MPOL_DEFAULT", .nodes = "0"},
      {.mode = "MPOL_LOCAL", .nodes = "0"},
      {.mode = "MPOL_BIND"},
      {.mode = "MPOL_INTERLEAVE"},
      {.mode = "MPOL_BIND", .nodes = "x"},
      {.mode = "MPOL_BIND", .nodes = "0", .flags = {"MPOL_F_NONSENSE"}},
      {.mode = "MPOL_BIND", .nodes = "0", .flags = {"MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES"}},
  };
  for (const spec::MemoryPolicy& policy : wrong)
    EXPECT_EQ(error_of([&] { plan_memory_policy(policy); }).kind(), ErrorKind::Spec);
}

TEST(MemoryPolicy, ReachesTheKernelWhereItHasNuma) {
  if (sys::get_memory_policy().err() == ENOSYS) GTEST_SKIP() << "the kernel is built without NUMA";
  apply_memory_policy(plan_memory_policy({.mode = "MPOL_BIND", .nodes = "0"}));
  EXPECT_EQ(sys::get_memory_policy().or_throw("read"), 2);
  EXPECT_EQ(error_of([] { apply_memory_policy(plan_memory_policy({.mode = "MPOL_BIND", .nodes = "60000"})); }).errno_value(),
            EINVAL);
  apply_memory_policy({});
}

}  // namespace
}  // namespace caisson::process
