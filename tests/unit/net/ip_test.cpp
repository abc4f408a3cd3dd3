#include "net/ip.hpp"

#include <gtest/gtest.h>

namespace caisson::net {
namespace {

TEST(Addresses, AreReadAndWrittenInTheirShortestForm) {
  for (const char* text :
       {"0.0.0.0", "10.1.2.3", "255.255.255.255", "::", "::1", "fd00::1", "fe80::1:0:0:2", "1:2:3:4:5:6:7:8"}) {
    const auto ip = Ip::parse(text);
    ASSERT_TRUE(ip) << text;
    EXPECT_EQ(ip->text(), text);
  }
  EXPECT_EQ(Ip::parse("FD00:0:0::0001")->text(), "fd00::1");
  EXPECT_EQ(Ip::parse("::ffff:10.0.0.1")->text(), "::ffff:10.0.0.1");
  EXPECT_EQ(Ip::parse("1::")->text(), "1::");
}

TEST(Addresses, OfAnotherFormAreNone) {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "01.2.3.4",
                           "1.2.3.4 ",
                           "1..2.3",
                           "-1.2.3.4",
                           ":",
                           ":::",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1::2::3",
                           "12345::",
                           "g::",
                           "::1%eth0",
                           "1:2:3:4:5:6:7::8",
                           "::1.2.3",
                           "1.2.3.4::",
                           ":1::2",
                           "::-1"})
    EXPECT_FALSE(Ip::parse(text)) << text;
}

TEST(Addresses, CountOnAcrossBytes) {
  EXPECT_EQ(Ip::parse("10.0.0.255")->plus(1).text(), "10.0.1.0");
  EXPECT_EQ(Ip::parse("fd00::ffff")->plus(2).text(), "fd00::1:1");
  EXPECT_EQ(Ip::parse("255.255.255.255")->plus(1).text(), "0.0.0.0");
  EXPECT_TRUE(Ip::parse("127.3.2.1")->is_loopback());
  EXPECT_TRUE(Ip::parse("::1")->is_loopback());
  EXPECT_FALSE(Ip::parse("1::1")->is_loopback());
}

TEST(Subnets, KnowWhatTheyHold) {
  const auto subnet = Subnet::parse("10.1.4.0/22");
  ASSERT_TRUE(subnet);
  EXPECT_EQ(subnet->text(), "10.1.4.0/22");
  EXPECT_EQ(subnet->last().text(), "10.1.7.255");
  EXPECT_TRUE(subnet->contains(*Ip::parse("10.1.7.9")));
  EXPECT_FALSE(subnet->contains(*Ip::parse("10.1.8.0")));
  EXPECT_FALSE(subnet->contains(*Ip::parse("::1")));
  EXPECT_TRUE(subnet->overlaps(*Subnet::parse("10.0.0.0/8")));
  EXPECT_TRUE(Subnet::parse("10.0.0.0/8")->overlaps(*subnet));
  EXPECT_FALSE(subnet->overlaps(*Subnet::parse("10.1.8.0/22")));
  EXPECT_EQ(Subnet::parse("fd00::/64")->last().text(), "fd00::ffff:ffff:ffff:ffff");
}

TEST(Subnets, WithBitsBehindThePrefixAreNone) {
  for (const char* text :
       {"10.1.4.1/22", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "/8", "fd00::/129", "fd00::1/64"})
    EXPECT_FALSE(Subnet::parse(text)) << text;
  EXPECT_TRUE(Subnet::parse("0.0.0.0/0"));
}

}  // namespace
}  // namespace caisson::net
