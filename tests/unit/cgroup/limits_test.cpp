#include "cgroup/limits.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::cgroup {
namespace {

std::string refused(const spec::Resources& resources) {
  try {
    refuse_limits(resources);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Host);
    EXPECT_FALSE(error.hint().empty());
    return error.message();
  }
  return "accepted";
}

std::string refusal(std::string_view path) {
  return text::join("linux.resources.", path, ": limits are not supported by this version of caisson-oci");
}

TEST(Limits, AcceptsWhatDockerSendsForNone) {
  spec::Resources docker;
  docker.devices.push_back({.allow = false, .access = "rwm"});
  docker.memory = spec::MemoryLimits{};
  docker.cpu = spec::CpuLimits{.shares = 0U, .period = 0U, .realtime_period = 0U, .quota = 0, .realtime_runtime = 0};
  docker.pids_limit = 0;
  docker.block_io = spec::BlockIoLimits{.weight = std::uint16_t{0}};
  EXPECT_EQ(refused(docker), "accepted");
  docker.memory = spec::MemoryLimits{.limit = 0, .swap = -1, .disable_oom_killer = false};
  docker.pids_limit = -1;
  docker.network = spec::NetworkLimits{};
  docker.rdma["x"] = {};
  EXPECT_EQ(refused(docker), "accepted");
}

TEST(Limits, AcceptsTheSharesThatEveryGroupHasWhichCtrAlwaysAsksFor) {
  EXPECT_EQ(refused({.cpu = spec::CpuLimits{.shares = 1024U}}), "accepted");
  EXPECT_EQ(refused({.cpu = spec::CpuLimits{.shares = 1023U}}), refusal("cpu.shares"));
}

TEST(Limits, NamesTheFirstRealOne) {
  EXPECT_EQ(refused({.memory = spec::MemoryLimits{.limit = 1048576}}), refusal("memory.limit"));
  EXPECT_EQ(refused({.memory = spec::MemoryLimits{.swappiness = std::uint64_t{0}}}), refusal("memory.swappiness"));
  EXPECT_EQ(refused({.cpu = spec::CpuLimits{.quota = 50000}}), refusal("cpu.quota"));
  EXPECT_EQ(refused({.cpu = spec::CpuLimits{.cpus = "0"}}), refusal("cpu.cpus"));
  EXPECT_EQ(refused({.pids_limit = 100}), refusal("pids.limit"));
  EXPECT_EQ(refused({.block_io = spec::BlockIoLimits{.weight = std::uint16_t{500}}}), refusal("blockIO.weight"));
  EXPECT_EQ(refused({.hugepage_limits = {{"2MB", 0}}}), refusal("hugepageLimits[0]"));
  EXPECT_EQ(refused({.network = spec::NetworkLimits{.class_id = 7U}}), refusal("network.classID"));
  EXPECT_EQ(refused({.rdma = {{"mlx", {.hca_handles = 1U}}}}), refusal("rdma[\"mlx\"]"));
  EXPECT_EQ(refused({.unified = {{"memory.max", "1"}}}), refusal("unified[\"memory.max\"]"));
}

}  // namespace
}  // namespace caisson::cgroup
