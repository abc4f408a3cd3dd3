#include "ns/namespace_plan.hpp"

#include <gtest/gtest.h>

namespace caisson::ns {
namespace {

NamespacePlan plan_of(std::vector<spec::Namespace> wanted) { return plan_namespaces(wanted, {}); }

TEST(NamespacePlan, MakesWhatHasNoPathAndJoinsWhatHasOne) {
  const NamespacePlan plan = plan_of({{Type::Mount, ""}, {Type::Network, "/run/netns/a"}, {Type::Uts, ""}});
  EXPECT_EQ(plan.created, kind_of(Type::Mount).flag | kind_of(Type::Uts).flag);
  ASSERT_EQ(plan.joined.size(), 1U);
  EXPECT_EQ(plan.joined.front().type, Type::Network);
  EXPECT_EQ(plan.joined.front().path, "/run/netns/a");
  EXPECT_TRUE(plan.creates(Type::Mount));
  EXPECT_FALSE(plan.creates(Type::Network));
  EXPECT_TRUE(plan.joins(Type::Network));
  EXPECT_FALSE(plan.joins(Type::Mount));
  EXPECT_TRUE(plan.own(Type::Mount));
  EXPECT_TRUE(plan.own(Type::Network));
  EXPECT_FALSE(plan.own(Type::Ipc));
}

TEST(NamespacePlan, JoinsTheUserNamespaceFirstWhateverTheOrderInTheConfiguration) {
  const NamespacePlan plan =
      plan_of({{Type::Time, "/t"}, {Type::Mount, "/m"}, {Type::Network, "/n"}, {Type::Pid, "/p"}, {Type::User, "/u"}});
  std::string order;
  for (const Join& join : plan.joined) order += join.path;
  EXPECT_EQ(order, "/u/p/n/m/t");
}

TEST(NamespacePlan, NeedsAStageToJoinUserOrPidOrToMakeTime) {
  EXPECT_TRUE(plan_of({{Type::User, "/u"}}).needs_stage());
  EXPECT_TRUE(plan_of({{Type::Pid, "/p"}}).needs_stage());
  EXPECT_TRUE(plan_of({{Type::Time, ""}}).needs_stage());
  EXPECT_TRUE(plan_of({{Type::User, ""}, {Type::Network, "/n"}}).needs_stage());
  EXPECT_FALSE(plan_of({{Type::User, ""}, {Type::Network, ""}}).needs_stage());
  EXPECT_FALSE(plan_of({{Type::Network, "/n"}}).needs_stage());
}

TEST(NamespacePlan, NeedsNoStageOtherwise) {
  EXPECT_FALSE(plan_of({}).needs_stage());
  EXPECT_FALSE(plan_of({{Type::User, ""}, {Type::Pid, ""}, {Type::Mount, ""}, {Type::Network, ""}}).needs_stage());
  EXPECT_FALSE(plan_of({{Type::Network, "/n"}, {Type::Mount, "/m"}, {Type::Time, "/t"}}).needs_stage());
}

TEST(NamespacePlan, WritesTimeOffsetsAsTheKernelReadsThem) {
  const NamespacePlan plan = plan_namespaces({{Type::Time, ""}}, {{"monotonic", {-2, 500'000'000}}, {"boottime", {86400, 0}}});
  EXPECT_EQ(plan.time_offsets, "boottime 86400 0\nmonotonic -2 500000000\n");
  EXPECT_EQ(plan_of({{Type::Time, ""}}).time_offsets, "");
}

}  // namespace
}  // namespace caisson::ns
