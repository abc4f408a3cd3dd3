#include "host/facts.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "host/state_root.hpp"
#include "host/subordinate_ids.hpp"
#include "host/user_namespaces.hpp"

namespace caisson::host {
namespace {

TEST(KernelRelease, GivesItsFirstTwoNumbers) {
  EXPECT_EQ(parse_kernel_release("6.1.0-13-amd64"), (KernelVersion{6, 1}));
  EXPECT_EQ(parse_kernel_release("5.15-rc3"), (KernelVersion{5, 15}));
  EXPECT_EQ(parse_kernel_release("linux"), (KernelVersion{0, 0}));
  EXPECT_EQ(parse_kernel_release("6"), (KernelVersion{0, 0}));
  EXPECT_LT(parse_kernel_release("5.15.1"), parse_kernel_release("6.1.0"));
}

TEST(SubordinateIds, AreThoseOfTheUserByNameOrNumberInFileOrder) {
  constexpr std::string_view kFile = "root:1:2\nann:100000:65536\n1000:300000:10\nannabel:5:5\nann:200000:1\n";
  EXPECT_EQ(parse_subordinate_ids(kFile, "ann", 1000), (std::vector<IdRange>{{100000, 65536}, {300000, 10}, {200000, 1}}));
  EXPECT_EQ(parse_subordinate_ids(kFile, "", 1000), (std::vector<IdRange>{{300000, 10}}));
  EXPECT_TRUE(parse_subordinate_ids(kFile, "", 1).empty());
}

TEST(SubordinateIds, SkipsLinesThatCannotBeMeant) {
  constexpr std::string_view kFile =
      "ann:1\nann:1:2:3\nann:-1:5\nann:1:0\nann:4294967290:10\nann: 1:2\nann:0x10:2\nann:99999999999:1\n:1:2\n#ann:1:2\n";
  EXPECT_TRUE(parse_subordinate_ids(kFile, "ann", 1000).empty());
  EXPECT_TRUE(parse_subordinate_ids(":1:2\n", "", 1000).empty());
}

TEST(PasswdFile, NamesAUserByNumber) {
  constexpr std::string_view kFile = "root:x:0:0:root:/root:/bin/sh\nbroken:x:1000\nann:x:1000:1000::/home/ann:/bin/sh\n";
  EXPECT_EQ(user_name_of(kFile, 1000), "ann");
  EXPECT_EQ(user_name_of(kFile, 0), "root");
  EXPECT_EQ(user_name_of(kFile, 7), "");
}

TEST(UserNamespaceSwitches, NameTheOneThatForbids) {
  EXPECT_EQ(forbidden_because({}, false), "");
  EXPECT_EQ(forbidden_because({.unprivileged_clone = 1, .max_user_namespaces = 100, .apparmor_restrict = 0}, false), "");
  EXPECT_NE(forbidden_because({.max_user_namespaces = 0}, true).find("user.max_user_namespaces"), std::string::npos);
  EXPECT_NE(forbidden_because({.unprivileged_clone = 0}, false).find("kernel.unprivileged_userns_clone"), std::string::npos);
  EXPECT_NE(forbidden_because({.apparmor_restrict = 1}, false).find("apparmor_restrict_unprivileged_userns"),
            std::string::npos);
  EXPECT_EQ(forbidden_because({.unprivileged_clone = 0, .apparmor_restrict = 1}, true), "");
}

TEST(StateRoot, IsUnderRunForRootAndWithTheUserElsewhere) {
  EXPECT_EQ(default_state_root(0, "/run/user/0"), "/run/caisson");
  EXPECT_EQ(default_state_root(54321, "/run/user/54321/"), "/run/user/54321/caisson");
  EXPECT_EQ(default_state_root(54321, ""), "/tmp/caisson-54321");
  EXPECT_EQ(default_state_root(54321, "relative"), "/tmp/caisson-54321");
}

TEST(HostFacts, SayWhatThisMachineIs) {
  const HostFacts facts = probe_host(Group::Users | Group::RootEntries);
  EXPECT_EQ(facts.euid, ::geteuid());
  EXPECT_GE(facts.last_capability, 39U);
  EXPECT_LT(facts.last_capability, 64U);
  EXPECT_GE(facts.kernel.major, 4U);
  EXPECT_EQ(facts.boot_id.size(), 36U);
  ASSERT_TRUE(facts.users && facts.root_entries);
  EXPECT_FALSE(facts.security_modules);
  const auto proc =
      std::find_if(facts.root_entries->begin(), facts.root_entries->end(), [](auto& each) { return each.name == "proc"; });
  ASSERT_NE(proc, facts.root_entries->end());
  EXPECT_EQ(proc->type, RootEntryType::Directory);
}

TEST(HostFacts, AreRootlessForUsersAndInsideUserNamespaces) {
  EXPECT_FALSE((HostFacts{.euid = 0}).rootless());
  EXPECT_TRUE((HostFacts{.euid = 1000}).rootless());
  EXPECT_TRUE((HostFacts{.euid = 0, .initial_user_namespace = false}).rootless());
}

}  // namespace
}  // namespace caisson::host
