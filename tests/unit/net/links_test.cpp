#include "net/links.hpp"

#include <gtest/gtest.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

namespace caisson::net {
namespace {

class Body {
 public:
  template <class Header>
  explicit Body(const Header& header) : bytes_(bytes_of(header)) {}
  Body() = default;
  Body& add(std::uint16_t type, std::string_view payload) {
    const nlattr header{static_cast<std::uint16_t>(sizeof header + payload.size()), type};
    bytes_ += bytes_of(header);
    bytes_ += payload;
    bytes_.resize((bytes_.size() + 3) & ~std::size_t{3}, '\0');
    return *this;
  }
  Body& add_number(std::uint16_t type, std::int32_t number) { return add(type, bytes_of(number)); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

ifinfomsg header_of(int index, unsigned flags) {
  ifinfomsg header{};
  header.ifi_index = index;
  header.ifi_flags = flags;
  return header;
}

TEST(LinksFromMessages, SayWhatAVlanStandsOn) {
  const std::uint16_t id = 42;
  const std::string data = Body().add(IFLA_VLAN_ID, bytes_of(id)).bytes();
  const std::string info = Body().add(IFLA_INFO_KIND, "vlan").add(IFLA_INFO_DATA, data).bytes();
  const auto link = parse_link(Body(header_of(9, 0x10001))
                                   .add(IFLA_IFNAME, std::string_view("eth0.42\0", 8))
                                   .add_number(IFLA_LINK, 2)
                                   .add_number(IFLA_LINK_NETNSID, 0)
                                   .add(IFLA_LINKINFO, info)
                                   .bytes());
  ASSERT_TRUE(link);
  EXPECT_EQ(link->name, "eth0.42");
  EXPECT_EQ(link->index, 9);
  EXPECT_EQ(link->kind, "vlan");
  EXPECT_EQ(link->vlan, 42U);
  EXPECT_EQ(link->peer, 2);
  EXPECT_EQ(link->peer_nsid, 0);
  EXPECT_TRUE(link->up && link->lower_up && !link->loopback);
}

TEST(LinksFromMessages, ThatNameThemselvesHaveNoOtherEnd) {
  const auto link = parse_link(Body(header_of(4, 0)).add_number(IFLA_LINK, 4).bytes());
  ASSERT_TRUE(link);
  EXPECT_EQ(link->peer, 0);
  // The same index in another namespace is another device.
  EXPECT_EQ(parse_link(Body(header_of(4, 0)).add_number(IFLA_LINK, 4).add_number(IFLA_LINK_NETNSID, 1).bytes())->peer, 4);
}

TEST(LinksFromMessages, AreNoneWhenTheirHeaderIsCut) {
  EXPECT_FALSE(parse_link("short"));
  EXPECT_FALSE(parse_address("abc"));
}

TEST(LinksFromMessages, LoseOnlyWhatIsCutOff) {
  std::string bytes = Body(header_of(4, 0)).add(IFLA_IFNAME, "a").add(IFLA_MTU, "abcd").bytes();
  bytes.resize(bytes.size() - 2);
  const auto link = parse_link(bytes);
  ASSERT_TRUE(link);
  EXPECT_EQ(link->name, "a");
  EXPECT_EQ(link->mtu, 0U);
}

TEST(AddressesFromMessages, TellTheOwnFromTheOtherEnd) {
  ifaddrmsg header{};
  header.ifa_index = 3;
  header.ifa_prefixlen = 32;
  header.ifa_scope = RT_SCOPE_LINK;
  const auto both = parse_address(Body(header).add(IFA_ADDRESS, "\x0a\x01\x01\x02").add(IFA_LOCAL, "\x0a\x01\x01\x01").bytes());
  ASSERT_TRUE(both);
  EXPECT_EQ(both->index, 3);
  EXPECT_EQ(both->address.ip, "10.1.1.1");
  EXPECT_EQ(both->address.peer, "10.1.1.2");
  EXPECT_EQ(both->address.scope, AddressScope::Link);
  const auto one = parse_address(Body(header).add(IFA_ADDRESS, "\x0a\x01\x01\x02").bytes());
  ASSERT_TRUE(one);
  EXPECT_EQ(one->address.ip, "10.1.1.2");
  EXPECT_EQ(one->address.peer, "");
  EXPECT_FALSE(parse_address(Body(header).bytes()));
}

}  // namespace
}  // namespace caisson::net
