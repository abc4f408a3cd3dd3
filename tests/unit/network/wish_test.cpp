#include "network/wish.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "network/definition.hpp"
#include "network/port_owner.hpp"

namespace caisson::network {
namespace {

TEST(PublishedPorts, AreReadInAllTheirForms) {
  const auto one = parse_publish("8080:80");
  ASSERT_EQ(one.size(), 1U);
  EXPECT_FALSE(one[0].host.given());
  EXPECT_EQ(one[0].host_port, 8080);
  EXPECT_EQ(one[0].port, 80);
  EXPECT_EQ(one[0].protocol, net::Protocol::Tcp);
  const auto local = parse_publish("127.0.0.1:5353:53/udp");
  EXPECT_EQ(local[0].host.text(), "127.0.0.1");
  EXPECT_EQ(local[0].protocol, net::Protocol::Udp);
  EXPECT_EQ(parse_publish("[fd00::1]:80:80")[0].host.text(), "fd00::1");
  EXPECT_FALSE(parse_publish("0.0.0.0:80:80")[0].host.given());
  EXPECT_EQ(parse_publish("80")[0].host_port, 80);
  const auto range = parse_publish("9000-9002:80-82");
  ASSERT_EQ(range.size(), 3U);
  EXPECT_EQ(range[2].host_port, 9002);
  EXPECT_EQ(range[2].port, 82);
  const auto any = parse_publish("127.0.0.1:0:80-81/udp");
  ASSERT_EQ(any.size(), 2U);
  EXPECT_EQ(any[1].host_port, 0);
  EXPECT_EQ(any[1].port, 81);
}

TEST(ExposedPorts, HaveNoPortOfTheMachineYet) {
  const auto texts = [](std::string_view exposed) {
    std::vector<std::string> all;
    const auto ports = parse_exposed(exposed);
    for (const PublishedPort& port : ports.value()) {
      EXPECT_EQ(port.host_port, 0);
      all.push_back(inside_text(port));
    }
    return all;
  };
  EXPECT_EQ(texts("80/tcp"), std::vector<std::string>{"80/tcp"});
  EXPECT_EQ(texts("53/udp"), std::vector<std::string>{"53/udp"});
  EXPECT_EQ(texts("8000-8001"), (std::vector<std::string>{"8000/tcp", "8001/tcp"}));
  for (const char* text : {"", "/tcp", "0", "80/", "80/sctp", "80/TCP", "a", "2-1", "65536", "80:80"})
    EXPECT_FALSE(parse_exposed(text)) << text;
}

TEST(PublishedPorts, OfAnotherFormAreRefused) {
  for (const char* text :
       {"", ":", "0:0", "0", "0-1:80-81", "80:0", "65536:80", "80:80/sctp", "a:80", "1.2.3:80:80", "fd00::1:80:80",
        "[::1]:80:80", "[1.2.3.4]:80:80", "80-82:80", "82-80:80-82", "80:80:80:80", "80:80/tcp/udp", "-1:80", " 80:80"})
    EXPECT_THROW(parse_publish(text), Error) << text;
}

TEST(Endpoints, AreReadWithTheirDetails) {
  const EndpointWish plain = parse_endpoint("lab");
  EXPECT_EQ(plain.network, "lab");
  EXPECT_FALSE(plain.ip.given());
  const EndpointWish full = parse_endpoint("lab:ip=10.5.0.9,mac=02:00:00:00:00:0a,ifname=lan0");
  EXPECT_EQ(full.ip.text(), "10.5.0.9");
  EXPECT_EQ(full.mac, std::string("\x02\0\0\0\0\x0a", 6));
  EXPECT_EQ(full.device, "lan0");
  for (const char* text : {"", "-lab", "lab:", "lab:ip", "lab:ip=", "lab:ip=fd00::1", "lab:mac=01:00:00:00:00:01",
                           "lab:mac=02:00:00:00:00", "lab:mac=00:00:00:00:00:00", "lab:ifname=lo", "lab:ifname=a/b",
                           "lab:ifname=longer-than-15-x", "lab:colour=red", "bridge", "a b"})
    EXPECT_THROW(parse_endpoint(text), Error) << text;
}

TEST(HostLines, HaveANameAndAnAddress) {
  const HostLine line = parse_host_line("db:fd00::5");
  EXPECT_EQ(line.name, "db");
  EXPECT_EQ(line.ip.text(), "fd00::5");
  for (const char* text : {"", "db", "db:", ":1.2.3.4", "a b:1.2.3.4", "db:host", "a\nb:1.2.3.4", "#x:1.2.3.4"})
    EXPECT_THROW(parse_host_line(text), Error) << text;
}

TEST(Wishes, ThatContradictThemselvesAreRefused) {
  EXPECT_THROW(check_wish({.ports = parse_publish("80:80")}), Error);
  EXPECT_THROW(check_wish({.endpoints = {{.network = "a"}, {.network = "a"}}}), Error);
  EXPECT_THROW(check_wish({.endpoints = {{.network = "a", .device = "x"}, {.network = "b", .device = "x"}}}), Error);
  EXPECT_THROW(check_wish({.endpoints = {{.network = "a"}}, .ports = parse_publish("1-1025:1-1025")}), Error);
  EXPECT_THROW(check_wish({.names = {"web\n192.0.2.1 bank"}}), Error);
  EXPECT_THROW(check_wish({.resolver = {.servers = {"dns.example"}}}), Error);
  EXPECT_THROW(check_wish({.resolver = {.search = {"a b"}}}), Error);
  EXPECT_THROW(check_wish({.resolver = {.options = {"x\nnameserver 1.2.3.4"}}}), Error);
  EXPECT_NO_THROW(check_wish({.endpoints = {{.network = "a"}}, .ports = parse_publish("1-1024:1-1024")}));
}

TEST(Definitions, AreReadBackAsWritten) {
  const Definition lab{.name = "lab",
                       .subnet = *net::Subnet::parse("10.5.0.0/24"),
                       .gateway = *net::Ip::parse("10.5.0.1"),
                       .subnet6 = *net::Subnet::parse("fd00:5::/64"),
                       .gateway6 = *net::Ip::parse("fd00:5::1"),
                       .mtu = 1400,
                       .internal = true};
  const Definition back = parse_definition(to_json(lab), "lab.json");
  EXPECT_EQ(to_json(back), to_json(lab));
  EXPECT_EQ(back.subnet6, lab.subnet6);
  EXPECT_TRUE(back.internal);
  for (const char* text : {"", "{}", R"({"name":"a","subnet":"10.5.0.1/24","gateway":"10.5.0.1"})",
                           R"({"name":"a","subnet":"10.5.0.0/24","gateway":"10.6.0.1"})",
                           R"({"name":"a","subnet":"fd00::/64","gateway":"fd00::1"})"})
    EXPECT_THROW(parse_definition(text, "a.json"), Error) << text;
}

TEST(Marks, TellStateRootsAndNetworksApart) {
  EXPECT_EQ(bridge_name("/run/caisson", "lab"), bridge_name("/run/caisson", "lab"));
  EXPECT_NE(bridge_name("/run/caisson", "lab"), bridge_name("/run/caisson", "lab2"));
  EXPECT_NE(bridge_name("/run/caisson", "lab"), bridge_name("/run/other", "lab"));
  EXPECT_LE(bridge_name("/run/caisson", "lab").size(), 15U);
  const std::string mac = hardware_address("/run/caisson", "web lab");
  ASSERT_EQ(mac.size(), 6U);
  EXPECT_EQ(mac[0], '\x02');
}

TEST(PortOwners, AreFoundInTheTablesOfSockets) {
  constexpr std::string_view kTable =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:1F90 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100 0 0 10 0\n"
      "   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 0 100 0 0 10 0\n";
  EXPECT_EQ(socket_at_port(kTable, 8080, net::Protocol::Tcp), 222U);
  EXPECT_EQ(socket_at_port(kTable, 8080, net::Protocol::Udp), 111U);
  EXPECT_EQ(socket_at_port(kTable, 81, net::Protocol::Tcp), 0U);
  EXPECT_EQ(socket_at_port("a b\nc", 81, net::Protocol::Tcp), 0U);
}

}  // namespace
}  // namespace caisson::network
