#include "process/user.hpp"

#include <gtest/gtest.h>

#include "unit/process/expect_error.hpp"

namespace caisson::process {
namespace {

constexpr std::string_view kPasswd =
    "# comment\n"
    "root:x:0:0:root:/root:/bin/sh\n"
    "+nis\n"
    "1000:x:0:0:an entry named like a number:/trap:/bin/sh\n"
    "bad:x:notanumber:0::/bad:\n"
    "web:x:33:34:Web:/srv/web:/bin/false\n"
    "nohome:x:50:51\n"
    "again:x:33:99::/second:\n"
    "alice:x:1000:1001:Alice:/home/alice:/bin/bash";
constexpr std::string_view kGroup =
    "root:x:0:\n"
    "web:x:34:alice\n"
    "audio:x:29:bob,alice,web\n"
    "video:x:44:alicex, alice\n"
    "audio2:x:29:alice\n"
    "alice:x:1001:alice\n"
    "2000:x:7:\n"
    "broken\n";

TEST(NumericUser, TakesNumbersOnly) {
  EXPECT_EQ(parse_numeric_user("1").uid, 1U);
  EXPECT_EQ(parse_numeric_user("1").gid, std::nullopt);
  EXPECT_EQ(parse_numeric_user("1:2").uid, 1U);
  EXPECT_EQ(parse_numeric_user("1:2").gid, 2U);
  EXPECT_EQ(parse_numeric_user("0:0").gid, 0U);
  EXPECT_EQ(parse_numeric_user("4294967294:4294967294").uid, kHighestId);
}

TEST(NumericUser, RefusesEveryLeftover) {
  for (const char* text : {"",
                           ":",
                           ":2",
                           "1:",
                           "-1",
                           "+1",
                           "0x1",
                           " 1",
                           "1 ",
                           "1a",
                           "a1",
                           "1:2:",
                           "1:2:3",
                           "1::2",
                           "1: 2",
                           "1:-2",
                           "1:0x2",
                           "4294967295",
                           "4294967296",
                           "1:4294967295",
                           "1:4294967296",
                           "99999999999999999999",
                           "name",
                           "name:group",
                           "1:group",
                           "1\n",
                           "1,2"}) {
    const Error error = error_of([&] { parse_numeric_user(text); });
    EXPECT_EQ(error.kind(), ErrorKind::Usage) << text;
    EXPECT_TRUE(error.message().starts_with("invalid user \"")) << error.message();
  }
}

TEST(NumericUser, TellsNumbersFromNames) {
  EXPECT_TRUE(is_numeric_user("1000"));
  EXPECT_TRUE(is_numeric_user("1000:5"));
  EXPECT_FALSE(is_numeric_user("web"));
  EXPECT_FALSE(is_numeric_user("1000:web"));
  EXPECT_FALSE(is_numeric_user(""));
}

TEST(ResolvedUser, ANumberIsNeverAName) {
  const ResolvedUser user = resolve_user("1000", kPasswd, kGroup);
  EXPECT_EQ(user.uid, 1000U);
  EXPECT_EQ(user.gid, 1001U);
  EXPECT_EQ(user.home, "/home/alice");
  EXPECT_EQ(resolve_user("5:2000", kPasswd, kGroup).gid, 2000U);
  for (const char* text : {"4294967295", "4294967296", "1000:4294967295"})
    EXPECT_EQ(error_of([&] { resolve_user(text, kPasswd, kGroup); }).kind(), ErrorKind::Usage) << text;
}

TEST(ResolvedUser, FindsNamesWithTheirGroupsAndHome) {
  const ResolvedUser user = resolve_user("alice", kPasswd, kGroup);
  EXPECT_EQ(user.uid, 1000U);
  EXPECT_EQ(user.gid, 1001U);
  EXPECT_EQ(user.additional_gids, (std::vector<std::uint32_t>{34, 29, 44}));
  EXPECT_EQ(user.home, "/home/alice");
}

TEST(ResolvedUser, ANamedGroupReplacesAllOthers) {
  const ResolvedUser user = resolve_user("alice:audio", kPasswd, kGroup);
  EXPECT_EQ(user.gid, 29U);
  EXPECT_TRUE(user.additional_gids.empty());
  EXPECT_EQ(resolve_user("web:0", kPasswd, kGroup).gid, 0U);
}

TEST(ResolvedUser, AnUnknownNumberHasGroupZeroAndTheRootAsHome) {
  const ResolvedUser user = resolve_user("12345", kPasswd, kGroup);
  EXPECT_EQ(user.uid, 12345U);
  EXPECT_EQ(user.gid, 0U);
  EXPECT_TRUE(user.additional_gids.empty());
  EXPECT_EQ(user.home, "/");
}

TEST(ResolvedUser, RefusesUnknownNamesAndEmptyParts) {
  EXPECT_EQ(error_of([] { resolve_user("ghost", kPasswd, kGroup); }).message(),
            "unable to find user ghost: no matching entries in passwd file");
  EXPECT_EQ(error_of([] { resolve_user("web:ghosts", kPasswd, kGroup); }).message(),
            "unable to find group ghosts: no matching entries in group file");
  EXPECT_EQ(error_of([] { resolve_user("bad", kPasswd, kGroup); }).kind(), ErrorKind::Usage);
  for (const char* text : {"", ":", "web:", ":web", "web:web:web"})
    EXPECT_TRUE(error_of([&] { resolve_user(text, kPasswd, kGroup); }).message().starts_with("invalid user")) << text;
}

TEST(HomeOf, IsThatOfTheFirstEntry) {
  EXPECT_EQ(home_of(0, kPasswd), "/root");
  EXPECT_EQ(home_of(33, kPasswd), "/srv/web");
  EXPECT_EQ(home_of(50, kPasswd), "/");
  EXPECT_EQ(home_of(777, kPasswd), "/");
  EXPECT_EQ(home_of(0, ""), "/");
  EXPECT_EQ(home_of(5, "a:x:5:5::relative:"), "/");
}

TEST(GroupsWithPrimary, HoldThePrimaryOneOnce) {
  EXPECT_EQ(groups_with_primary({.uid = 1, .gid = 5, .additional_gids = {7}, .home = "/"}), (std::vector<std::uint32_t>{5, 7}));
  EXPECT_EQ(groups_with_primary({.uid = 1, .gid = 7, .additional_gids = {7}, .home = "/"}), (std::vector<std::uint32_t>{7}));
}

TEST(IdMaps, SayWhichIdsAreThere) {
  const char* map = "         0       1000          1\n         1     100000      65536\n";
  EXPECT_TRUE(is_mapped(map, 0));
  EXPECT_TRUE(is_mapped(map, 65536));
  EXPECT_FALSE(is_mapped(map, 65537));
  EXPECT_FALSE(is_mapped("         0       1000          1\n", 1));
}

}  // namespace
}  // namespace caisson::process
