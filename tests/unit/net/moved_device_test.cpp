#include "net/moved_device.hpp"

#include <gtest/gtest.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace caisson::net {
namespace {

std::string body_of(const RouteRequest& request) { return std::string(request.bytes().substr(sizeof(nlmsghdr))); }

std::string route(int index, std::uint8_t protocol) {
  rtmsg header{};
  header.rtm_family = AF_INET;
  header.rtm_table = RT_TABLE_MAIN;
  header.rtm_protocol = protocol;
  header.rtm_flags = RTNH_F_ONLINK | RTNH_F_LINKDOWN;
  header.rtm_type = RTN_UNICAST;
  RouteRequest request(RTM_NEWROUTE, 0, 1, bytes_of(header));
  const rta_cacheinfo moment{};
  request.add(RTA_OIF, bytes_of(index));
  request.add(RTA_CACHEINFO, bytes_of(moment));
  request.add(RTA_GATEWAY, std::string_view("\x0a\0\0\1", 4));
  return body_of(request);
}

std::string address(std::uint8_t scope, std::uint32_t flags) {
  ifaddrmsg header{};
  header.ifa_family = AF_INET;
  header.ifa_prefixlen = 24;
  header.ifa_scope = scope;
  header.ifa_index = 3;
  RouteRequest request(RTM_NEWADDR, 0, 1, bytes_of(header));
  request.add(IFA_LOCAL, std::string_view("\x0a\0\0\2", 4));
  request.add_words(IFA_LABEL, "card0");
  request.add_number(IFA_FLAGS, flags);
  return body_of(request);
}

TEST(MovedDevices, KeepTheRoutesThatTheKernelDoesNotMakeItself) {
  EXPECT_TRUE(is_own_route_of(route(3, RTPROT_STATIC), 3));
  EXPECT_FALSE(is_own_route_of(route(3, RTPROT_STATIC), 4));
  EXPECT_FALSE(is_own_route_of(route(3, RTPROT_KERNEL), 3));
  EXPECT_FALSE(is_own_route_of(route(3, RTPROT_RA), 3));
  const std::string again = route_again(route(3, RTPROT_STATIC), 7);
  EXPECT_TRUE(is_own_route_of(again, 7));
  const std::string_view attributes = std::string_view(again).substr(sizeof(rtmsg));
  EXPECT_FALSE(find_attribute(attributes, RTA_CACHEINFO));
  EXPECT_EQ(find_attribute(attributes, RTA_GATEWAY)->payload, std::string_view("\x0a\0\0\1", 4));
  rtmsg header;
  std::memcpy(&header, again.data(), sizeof header);
  EXPECT_EQ(header.rtm_flags, unsigned{RTNH_F_ONLINK});
}

TEST(MovedDevices, TakeOnlyLastingAddressesOfTheWorldWithThem) {
  const auto lasting = lasting_addresses({address(RT_SCOPE_UNIVERSE, IFA_F_PERMANENT), address(RT_SCOPE_UNIVERSE, 0),
                                          address(RT_SCOPE_LINK, IFA_F_PERMANENT), "short"});
  ASSERT_EQ(lasting.size(), 1U);
  EXPECT_FALSE(find_attribute(std::string_view(lasting[0]).substr(sizeof(ifaddrmsg)), IFA_LABEL));
  EXPECT_TRUE(is_address_of(lasting[0], 3));
  EXPECT_TRUE(is_address_of(address_again(lasting[0], 9), 9));
}

TEST(MovedDevices, ReadNothingFromMessagesThatAreCut) {
  const std::string whole = route(3, RTPROT_STATIC);
  for (std::size_t length = 0; length < sizeof(rtmsg); ++length) {
    EXPECT_FALSE(is_own_route_of(whole.substr(0, length), 3));
    EXPECT_EQ(route_again(whole.substr(0, length), 3), "");
    EXPECT_FALSE(is_address_of(whole.substr(0, std::min(length, sizeof(ifaddrmsg) - 1)), 3));
  }
}

}  // namespace
}  // namespace caisson::net
