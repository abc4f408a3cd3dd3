#include "network/choose.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "network/name_files.hpp"

namespace caisson::network {
namespace {

net::Ip ip(const char* text) { return *net::Ip::parse(text); }

Definition small() {
  return {.name = "lab",
          .subnet = *net::Subnet::parse("10.5.0.0/29"),
          .gateway = ip("10.5.0.1"),
          .subnet6 = *net::Subnet::parse("fd00:5::/64"),
          .gateway6 = ip("fd00:5::1")};
}

TEST(AddressPools, GoRoundAndLeaveOutWhatIsTakenOrReserved) {
  const Definition lab = small();
  EXPECT_EQ(choose_address(lab, {}, {})->text(), "10.5.0.2");
  EXPECT_EQ(choose_address(lab, {}, ip("10.5.0.2"))->text(), "10.5.0.3");
  EXPECT_EQ(choose_address(lab, {}, ip("10.5.0.6"))->text(), "10.5.0.2");
  const std::vector<net::Ip> some = {ip("10.5.0.2"), ip("10.5.0.3"), ip("10.5.0.5"), ip("10.5.0.6")};
  EXPECT_EQ(choose_address(lab, some, ip("10.5.0.5"))->text(), "10.5.0.4");
  const std::vector<net::Ip> all = {ip("10.5.0.2"), ip("10.5.0.3"), ip("10.5.0.4"), ip("10.5.0.5"), ip("10.5.0.6")};
  EXPECT_FALSE(choose_address(lab, all, {}));
  EXPECT_EQ(address6_for(lab, ip("10.5.0.4")).text(), "fd00:5::4");
}

TEST(AddressPools, RefuseAnAddressThatNobodyMayHave) {
  const std::vector<net::Ip> taken = {ip("10.5.0.3")};
  for (const char* text : {"10.5.0.0", "10.5.0.1", "10.5.0.3", "10.5.0.7", "10.6.0.2"})
    EXPECT_THROW(check_address(small(), taken, ip(text)), Error) << text;
  EXPECT_NO_THROW(check_address(small(), taken, ip("10.5.0.4")));
}

TEST(Subnets, OfANewNetworkAvoidRoutesAndOtherNetworks) {
  EXPECT_EQ(choose_subnet({}, {}).text(), "10.89.0.0/22");
  const std::vector<net::Route> routes = {{.to = *net::Subnet::parse("0.0.0.0/0")},
                                          {.to = *net::Subnet::parse("10.89.0.0/24")}};
  const std::vector<Definition> others = {
      {.name = "x", .subnet = *net::Subnet::parse("10.89.4.0/22"), .gateway = ip("10.89.4.1")}};
  EXPECT_EQ(choose_subnet(routes, others).text(), "10.89.8.0/22");
  const std::vector<net::Route> vpn = {{.to = *net::Subnet::parse("10.0.0.0/8")}};
  EXPECT_EQ(choose_subnet(vpn, {}).text(), "172.20.0.0/22");
  EXPECT_THROW(refuse_overlap(*net::Subnet::parse("10.89.0.0/16"), routes, {}), Error);
  EXPECT_THROW(refuse_overlap(*net::Subnet::parse("10.89.5.0/24"), {}, others), Error);
  EXPECT_NO_THROW(refuse_overlap(*net::Subnet::parse("10.90.0.0/16"), routes, others));
  EXPECT_EQ(choose_subnet6(std::string("\x01\x02\x03\x04\x05", 5)).text(), "fd01:203:405::/64");
}

Member member(const char* name, const char* network, const char* address) {
  return {.id = name, .names = {name}, .owner = {}, .attached = true, .endpoints = {{.network = network, .ip = ip(address)}}};
}

TEST(HostsFiles, NameTheNeighboursOfTheSameNetworkOnly) {
  Member web = member("web", "lab", "10.5.0.2");
  web.host_name = "caisson";
  web.host_lines = {{ip("192.0.2.7"), "db"}};
  Member late = member("late", "lab", "10.5.0.4");
  late.attached = false;
  const std::vector<Member> all = {web, member("app", "lab", "10.5.0.3"), member("spy", "other", "10.6.0.2"), late};
  EXPECT_EQ(
      hosts_text(web, all),
      "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n192.0.2.7 db\n10.5.0.2 caisson web\n10.5.0.3 app\n");
  EXPECT_EQ(hostname_text(web), "caisson\n");
}

TEST(ResolverFiles, LeaveOutServersThatCannotBeReached) {
  constexpr std::string_view kHost =
      "# a comment\nnameserver 127.0.0.53\nnameserver\t192.0.2.1\nsearch example.org\noptions edns0\n";
  EXPECT_EQ(resolv_text({}, kHost), "nameserver 192.0.2.1\nsearch example.org\noptions edns0\n");
  EXPECT_EQ(resolv_text({.shares_host = true}, kHost),
            "nameserver 127.0.0.53\nnameserver 192.0.2.1\nsearch example.org\noptions edns0\n");
  EXPECT_EQ(resolv_text({.resolver = {.servers = {"192.0.2.9"}, .search = {"."}, .options = {"ndots:2"}}}, kHost),
            "nameserver 192.0.2.9\noptions ndots:2\n");
  EXPECT_TRUE(names_only_loopback("nameserver 127.0.0.53\noptions edns0\n"));
  EXPECT_FALSE(names_only_loopback(kHost));
  EXPECT_FALSE(names_only_loopback(""));
}

}  // namespace
}  // namespace caisson::network
