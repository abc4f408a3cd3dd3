#include "plan/unshare_plan.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::plan {
namespace {

using ns::Type;
using From = RangeWish::From;

constexpr std::uint64_t flag(Type type) { return ns::kind_of(type).flag; }

UnshareFacts user_with_ranges() {
  UnshareFacts facts{.euid = 1000, .egid = 1001};
  facts.users = host::UserNamespaceFacts{.user_name = "ann",
                                         .subordinate_uids = {{100000, 65536}, {300000, 5}},
                                         .subordinate_gids = {{200000, 65536}},
                                         .newuidmap = {},
                                         .newgidmap = {},
                                         .forbidden_because = {}};
  facts.uid_map = "         0          0 4294967295\n";
  facts.gid_map = "         0          0 4294967295\n";
  return facts;
}

UnshareWish in_user_namespace() {
  UnshareWish wish;
  wish.created = flag(Type::User);
  return wish;
}

std::string lines(const std::vector<spec::IdMapping>& map) {
  std::string all;
  for (const spec::IdMapping& line : map)
    all += std::to_string(line.container_id) + ' ' + std::to_string(line.host_id) + ' ' + std::to_string(line.size) + '\n';
  return all;
}

TEST(UnsharePlan, TheOwnIdIsMappedByTheNewProcessItself) {
  UnshareWish wish = in_user_namespace();
  wish.user = wish.group = 0;
  const UnsharePlan plan = plan_unshare(wish, {.euid = 1000, .egid = 1001});
  ASSERT_TRUE(plan.own_uid && plan.own_gid);
  EXPECT_EQ(plan.own_uid->outside, 1000U);
  EXPECT_EQ(plan.own_gid->outside, 1001U);
  EXPECT_FALSE(plan.maps_from_outside());
}

TEST(UnsharePlan, RangesAreMappedFromOutsideTogetherWithTheOwnId) {
  UnshareWish wish = in_user_namespace();
  wish.user = wish.group = 0;
  wish.users = {{.from = From::SubordinateFromZero}};
  const UnsharePlan plan = plan_unshare(wish, user_with_ranges());
  EXPECT_FALSE(plan.own_uid);
  EXPECT_EQ(lines(plan.uid_map), "0 1000 1\n1 100000 65536\n");
  ASSERT_TRUE(plan.own_gid);  // no ranges of groups: as ever
  EXPECT_TRUE(plan.gid_map.empty());
  EXPECT_FALSE(plan.writes_maps_itself);
}

TEST(UnsharePlan, SubordinateIdsAsThemselvesAndEveryIdOfTheCaller) {
  UnshareWish wish = in_user_namespace();
  wish.users = {{.from = From::SubordinateAsItself}};
  wish.groups = {{.from = From::EveryIdOfCaller}};
  const UnsharePlan plan = plan_unshare(wish, user_with_ranges());
  EXPECT_EQ(lines(plan.uid_map), "100000 100000 65536\n");
  EXPECT_EQ(lines(plan.gid_map), "0 0 4294967295\n");
}

TEST(UnsharePlan, AnotherOwnerNeedsTheMapFromOutside) {
  UnshareWish wish = in_user_namespace();
  wish.owner = OwnerIds{5, 6};
  wish.user = wish.group = 0;
  const UnsharePlan plan = plan_unshare(wish, {.euid = 0, .egid = 0});
  EXPECT_FALSE(plan.own_uid || plan.own_gid);
  EXPECT_EQ(lines(plan.uid_map), "0 0 1\n");
  EXPECT_EQ(lines(plan.gid_map), "0 0 1\n");
  EXPECT_TRUE(plan.writes_maps_itself);
}

TEST(UnsharePlan, NamesTheFileWhereAUserHasNoRange) {
  UnshareWish wish = in_user_namespace();
  wish.users = {{.from = From::SubordinateFromZero}};
  UnshareFacts facts = user_with_ranges();
  facts.users->subordinate_uids.clear();
  try {
    plan_unshare(wish, facts);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "no line matching user \"ann\" in /etc/subuid");
    EXPECT_NE(error.hint().find("usermod"), std::string::npos);
  }
}

TEST(UnsharePlan, BindsOneFileOfAKindInTheOrderOfTheKernelsNeeds) {
  UnshareWish wish;
  wish.created = flag(Type::Mount) | flag(Type::User) | flag(Type::Uts);
  wish.files = {{Type::Mount, "/m"}, {Type::Uts, "/first"}, {Type::User, "/u"}, {Type::Uts, "/last"}};
  const UnsharePlan plan = plan_unshare(wish, {});
  ASSERT_EQ(plan.files.size(), 3U);
  EXPECT_EQ(plan.files[0].path, "/u");
  EXPECT_EQ(plan.files[1].path, "/last");
  EXPECT_EQ(plan.files[2].path, "/m");
}

TEST(UnsharePlan, ANewRootIsWhereTheProgramStarts) {
  UnshareWish wish;
  wish.root = "/new";
  EXPECT_EQ(plan_unshare(wish, {}).directory, "/");
  wish.directory = "/work";
  EXPECT_EQ(plan_unshare(wish, {}).directory, "/work");
}

TEST(UnsharePlan, AnInterpreterWithTheFlagFIsOpenedOutsideOfTheNewRoot) {
  UnshareWish wish;
  wish.interpreter = ":name:M::magic::/usr/bin/interpreter:OCF";
  EXPECT_FALSE(plan_unshare(wish, {}).new_root_sees_interpreter_of_old());
  wish.root = "/new";
  EXPECT_TRUE(plan_unshare(wish, {}).new_root_sees_interpreter_of_old());
  wish.interpreter = ":F:M::magic::/F/interpreter:OC";
  EXPECT_FALSE(plan_unshare(wish, {}).new_root_sees_interpreter_of_old());
}

TEST(UnsharePlan, RefusesWhatContradictsItself) {
  UnshareWish clocks;
  clocks.monotonic = 5;
  EXPECT_THROW(plan_unshare(clocks, {}), Error);
  clocks.created = flag(Type::Time);
  EXPECT_NO_THROW(plan_unshare(clocks, {}));
  UnshareWish groups = in_user_namespace();
  groups.group = 0;
  groups.setgroups = Setgroups::Allow;
  EXPECT_THROW(plan_unshare(groups, {}), Error);
  groups.setgroups = Setgroups::Deny;
  EXPECT_NO_THROW(plan_unshare(groups, {}));
}

TEST(UnsharePlan, NotesAPidNamespaceThatTheProgramDoesNotEnter) {
  UnshareWish wish;
  wish.created = flag(Type::Pid);
  EXPECT_EQ(notes_on(plan_unshare(wish, {})).size(), 1U);
  wish.fork = true;
  EXPECT_TRUE(notes_on(plan_unshare(wish, {})).empty());
}

}  // namespace
}  // namespace caisson::plan
