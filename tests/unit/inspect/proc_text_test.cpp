#include <gtest/gtest.h>

#include <string_view>

#include "inspect/command_line.hpp"
#include "inspect/nsfs_mounts.hpp"
#include "inspect/proc_reader.hpp"

namespace caisson::inspect {
namespace {

using namespace std::string_view_literals;

TEST(NamespaceNames, AreKindAndInode) {
  const NamespaceName net = parse_namespace_name("net:[4026531840]");
  EXPECT_EQ(net.kind, "net");
  EXPECT_EQ(net.inode, 4026531840U);
  EXPECT_EQ(parse_namespace_name("socket:[7]").kind, "socket");
}

TEST(NamespaceNames, OtherLinksAreNone) {
  for (const std::string_view text : {""sv, "net"sv, "net:[]"sv, "net:[12"sv, "net:[1x]"sv, "/run/netns/blue"sv,
                                      "anon_inode:[eventfd]"sv, "net:[99999999999999999999999]"sv, "pipe:12]"sv})
    EXPECT_EQ(parse_namespace_name(text).inode, 0U) << text;
}

TEST(CommandLines, AreArgumentsWithBlanks) {
  EXPECT_EQ(join_arguments("sleep\0"sv
                           "60\0"sv),
            "sleep 60");
  EXPECT_EQ(join_arguments("sh\0-c\0\0x\0"sv), "sh -c  x");
  EXPECT_EQ(join_arguments("title\0\0\0\0"sv), "title");
  EXPECT_EQ(join_arguments(""), "");
}

TEST(NsfsMounts, AreFoundAmongOthersWithTheirPlaces) {
  const auto found = nsfs_mounts(
      "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
      "52 27 0:4 net:[4026532208] /run/netns/blue rw shared:26 - nsfs nsfs rw\n"
      "53 27 0:4 mnt:[4026532300] /srv/a\\040b rw - nsfs nsfs rw\n"
      "54 27 0:50 / /nsfs rw - tmpfs nsfs rw\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].kind, "net");
  EXPECT_EQ(found[0].inode, 4026532208U);
  EXPECT_EQ(found[0].path, "/run/netns/blue");
  EXPECT_EQ(found[1].kind, "mnt");
  EXPECT_EQ(found[1].path, "/srv/a b");
}

TEST(NsfsMounts, NeedNoNewlineAtTheEnd) {
  EXPECT_EQ(nsfs_mounts("52 27 0:4 uts:[4026532208] /u rw - nsfs nsfs rw").size(), 1U);
  EXPECT_TRUE(nsfs_mounts("").empty());
}

}  // namespace
}  // namespace caisson::inspect
