#include "net/link_requests.hpp"

#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "net/links.hpp"
#include "net/routes.hpp"

namespace caisson::net {
namespace {

std::string attributes_of(const RouteRequest& request, std::size_t header) {
  std::string_view bytes = request.bytes();
  const auto message = take_message(bytes);
  EXPECT_TRUE(message && bytes.empty());
  return std::string(message->body.substr(header));
}

std::string nested(std::string_view attributes, std::initializer_list<std::uint16_t> path) {
  std::string inner(attributes);
  for (const std::uint16_t type : path) {
    const auto found = find_attribute(inner, type);
    EXPECT_TRUE(found) << type;
    inner = found ? std::string(found->payload) : std::string();
  }
  return inner;
}

TEST(LinkRequests, MakeBothEndsOfAPairAtOnce) {
  const VethWish wish{
      .name = "cv1", .bridge = 7, .mtu = 1400, .group = 99, .inside_name = "eth0", .inside_mac = "\x02\x01\x02\x03\x04\x05"};
  const std::string all = attributes_of(make_veth(1, wish, sys::BorrowedFd(12)), sizeof(ifinfomsg));
  EXPECT_EQ(find_attribute(all, IFLA_IFNAME)->words(), "cv1");
  EXPECT_EQ(number_in<std::uint32_t>(nested(all, {IFLA_MASTER})), 7U);
  EXPECT_EQ(number_in<std::uint32_t>(nested(all, {IFLA_GROUP})), 99U);
  EXPECT_EQ(nested(all, {IFLA_LINKINFO, IFLA_INFO_KIND}), std::string("veth\0", 5));
  const std::string peer = nested(all, {IFLA_LINKINFO, IFLA_INFO_DATA, VETH_INFO_PEER}).substr(sizeof(ifinfomsg));
  EXPECT_EQ(find_attribute(peer, IFLA_IFNAME)->words(), "eth0");
  EXPECT_EQ(number_in<std::uint32_t>(nested(peer, {IFLA_NET_NS_FD})), 12U);
  EXPECT_EQ(number_in<std::uint32_t>(nested(peer, {IFLA_MTU})), 1400U);
  EXPECT_EQ(nested(peer, {IFLA_ADDRESS}), "\x02\x01\x02\x03\x04\x05");
}

// What the requests write is what the reader of links reads.
TEST(LinkRequests, OfABridgeAreReadBack) {
  std::string_view bytes;
  const RouteRequest request = make_bridge(1, {.name = "cs-1", .mac = "\x02\x01\x02\x03\x04\x05", .mtu = 1500, .group = 4});
  bytes = request.bytes();
  const auto link = parse_link(take_message(bytes)->body);
  ASSERT_TRUE(link);
  EXPECT_EQ(link->name, "cs-1");
  EXPECT_EQ(link->kind, "bridge");
  EXPECT_EQ(link->mac, "02:01:02:03:04:05");
  EXPECT_EQ(link->mtu, 1500U);
  EXPECT_EQ(link->group, 4U);
}

TEST(Routes, AreReadBackFromTheirRequest) {
  const RouteRequest request = add_default_route(1, 3, *Ip::parse("10.0.0.1"), 100);
  std::string_view bytes = request.bytes();
  const auto route = parse_route(take_message(bytes)->body);
  ASSERT_TRUE(route);
  EXPECT_EQ(route->to.prefix, 0U);
  EXPECT_EQ(route->device, 3);
  EXPECT_EQ(route->metric, 100U);
  EXPECT_FALSE(parse_route("short"));
}

TEST(Routes, ToEverywhereLeaveRoomForASubnet) {
  const auto room = [](const char* to, const char* subnet) {
    return leaves_room_for({.to = *Subnet::parse(to)}, *Subnet::parse(subnet));
  };
  EXPECT_TRUE(room("0.0.0.0/0", "10.1.0.0/16"));
  EXPECT_TRUE(room("128.0.0.0/1", "192.168.0.0/24"));
  EXPECT_FALSE(room("10.0.0.0/8", "10.1.0.0/16"));
  EXPECT_FALSE(room("10.1.2.0/24", "10.1.0.0/16"));
  EXPECT_TRUE(room("10.2.0.0/16", "10.1.0.0/16"));
}

}  // namespace
}  // namespace caisson::net
