#include "lifecycle/sub_cgroup.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::lifecycle {
namespace {

std::vector<cgroup::Place> version_one() {
  return {{"/cg/unified", "web", ""}, {"/cg/cpu,cpuacct", "web", "cpu,cpuacct"}, {"/cg/memory", "web", "memory"}};
}

std::vector<std::string> directories(std::vector<cgroup::Place> places, std::vector<std::string_view> values) {
  std::vector<std::string> all;
  const std::vector<SubCgroup> wanted = parse_sub_cgroups(values);
  for (const cgroup::Place& place : places_below(std::move(places), wanted)) all.push_back(place.directory());
  return all;
}

using Paths = std::vector<std::string>;

TEST(SubCgroup, OnePathIsForEveryHierarchy) {
  EXPECT_EQ(directories(version_one(), {"in/side"}),
            (Paths{"/cg/unified/web/in/side", "/cg/cpu,cpuacct/web/in/side", "/cg/memory/web/in/side"}));
  EXPECT_EQ(directories(version_one(), {"/"}), (Paths{"/cg/unified/web", "/cg/cpu,cpuacct/web", "/cg/memory/web"}));
}

TEST(SubCgroup, ControllersGetPathsOfTheirOwn) {
  EXPECT_EQ(directories(version_one(), {"cpu:slow", "memory:small"}),
            (Paths{"/cg/unified/web", "/cg/cpu,cpuacct/web/slow", "/cg/memory/web/small"}));
  EXPECT_EQ(directories(version_one(), {"cpu,cpuacct,memory:x"}),
            (Paths{"/cg/unified/web", "/cg/cpu,cpuacct/web/x", "/cg/memory/web/x"}));
}

TEST(SubCgroup, NoPathLeadsOutOfTheContainersCgroup) {
  EXPECT_THROW(directories(version_one(), {"memory:../../other"}), Error);
  EXPECT_THROW(directories({{"/cg", "", ""}}, {"../x"}), Error);
  EXPECT_THROW(directories({{"/cg", "", ""}}, {"x/../y"}), Error);
  EXPECT_EQ(directories({{"/cg", "", ""}}, {"/x/..y"}), (Paths{"/cg/x/..y"}));
}

TEST(SubCgroup, RefusesWhatHasNoMeaning) {
  EXPECT_THROW(parse_sub_cgroups(std::vector<std::string_view>{":x"}), Error);
  EXPECT_THROW(parse_sub_cgroups(std::vector<std::string_view>{"cpu,:x"}), Error);
  EXPECT_THROW(parse_sub_cgroups(std::vector<std::string_view>{"x", "cpu:y"}), Error);
  EXPECT_THROW(parse_sub_cgroups(std::vector<std::string_view>{"cpu:x", "memory,cpu:y"}), Error);
  EXPECT_THROW(directories(version_one(), {"rdma:x"}), Error);
  EXPECT_THROW(directories(version_one(), {"cpu:x", "cpuacct:y"}), Error);
  EXPECT_THROW(directories({{"/cg", "web", ""}}, {"memory:x"}), Error);
}

}  // namespace
}  // namespace caisson::lifecycle
