#include "net/route_message.hpp"

#include <gtest/gtest.h>
#include <linux/netlink.h>

#include "net/addresses.hpp"

namespace caisson::net {
namespace {

std::string attribute(std::uint16_t type, std::string_view payload) {
  const nlattr header{static_cast<std::uint16_t>(sizeof header + payload.size()), type};
  std::string out = std::string(bytes_of(header)) + std::string(payload);
  out.resize((out.size() + 3) & ~std::size_t{3}, '\0');
  return out;
}

std::string message(std::uint32_t length, std::string_view body) {
  const nlmsghdr header{length, 16, NLM_F_MULTI, 7, 0};
  return std::string(bytes_of(header)) + std::string(body);
}

TEST(RouteMessages, ComeOffADatagramOneByOne) {
  const std::string whole = message(18, std::string_view("ab\0\0", 4)) + message(16, "");
  std::string_view datagram = whole;
  const auto first = take_message(datagram);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->body, "ab");
  EXPECT_EQ(first->sequence, 7U);
  const auto second = take_message(datagram);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->body.empty());
  EXPECT_TRUE(datagram.empty());
}

TEST(RouteMessages, ThatClaimMoreThanThereIsAreNone) {
  for (const std::uint32_t length : {0U, 15U, 21U, 0xffffffffU}) {
    const std::string whole = message(length, "abcd");
    std::string_view datagram = whole;
    EXPECT_FALSE(take_message(datagram)) << length;
  }
  std::string_view few = "abc";
  EXPECT_FALSE(take_message(few));
}

TEST(RouteMessages, ThatEndWithoutPaddingAreWhole) {
  const std::string whole = message(17, "a");
  std::string_view datagram = whole;
  EXPECT_TRUE(take_message(datagram));
  EXPECT_TRUE(datagram.empty());
}

TEST(RouteAttributes, AreFoundInTheirNestWithoutTheirFlags) {
  const std::string nest = attribute(1, "veth") + attribute(2 | NLA_F_NESTED, attribute(9, "xyz"));
  const auto inner = find_attribute(nest, 2);
  ASSERT_TRUE(inner);
  const auto innermost = find_attribute(inner->payload, 9);
  ASSERT_TRUE(innermost);
  EXPECT_EQ(innermost->payload, "xyz");
  EXPECT_FALSE(find_attribute(nest, 3));
}

TEST(RouteAttributes, ThatClaimMoreThanThereIsEndTheWalk) {
  for (const std::uint16_t length : {std::uint16_t{0}, std::uint16_t{3}, std::uint16_t{9}, std::uint16_t{0xffff}}) {
    std::string bytes = attribute(1, "abcd");
    std::memcpy(bytes.data(), &length, sizeof length);
    std::string_view attributes = bytes;
    EXPECT_FALSE(take_attribute(attributes)) << length;
  }
}

TEST(RouteAttributes, WithWordsEndAtTheirZero) {
  const std::string bytes = attribute(3, std::string_view("eth0\0junk", 9));
  EXPECT_EQ(find_attribute(bytes, 3)->words(), "eth0");
}

TEST(RouteRequests, AreReadBackAsTheyWereMade) {
  RouteRequest request(18, NLM_F_DUMP, 5, "header..");
  request.add(29, "abc");
  std::string_view datagram = request.bytes();
  const auto read = take_message(datagram);
  ASSERT_TRUE(read);
  EXPECT_TRUE(datagram.empty());
  EXPECT_EQ(read->type, 18);
  EXPECT_EQ(read->flags, NLM_F_REQUEST | NLM_F_DUMP);
  EXPECT_EQ(read->body.substr(0, 8), "header..");
  EXPECT_EQ(find_attribute(read->body.substr(8), 29)->payload, "abc");
  EXPECT_TRUE(request.is_dump());
  EXPECT_FALSE(RouteRequest(18, NLM_F_ACK, 5, "").is_dump());
}

TEST(NumbersInBytes, AreZeroWhenTheBytesAreTooFew) {
  EXPECT_EQ(number_in<std::uint32_t>("abc"), 0U);
  EXPECT_EQ(number_in<std::uint16_t>(std::string_view("\1\0", 2)), 1U);
}

}  // namespace
}  // namespace caisson::net
