#include "network/user_network.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "network/name_files.hpp"
#include "network/wish.hpp"

namespace caisson::network {
namespace {

const PassedFiles kFiles{.process = "77", .user = "/u", .network = "/n", .directory = "/d"};

TEST(UserNetworks, TellPastaEveryPortAndForbidItTheOthers) {
  std::vector<PublishedPort> ports = parse_publish("8080:80");
  for (const PublishedPort& port : parse_publish("127.0.0.1:8090-8091:90-91")) ports.push_back(port);
  EXPECT_EQ(text::join_with(pasta_words(ports, kFiles), " "),
            "pasta --foreground --quiet --config-net --no-map-gw --dns-forward 169.254.1.1 -t 8080:80 -t 127.0.0.1/8090:90 "
            "-t 127.0.0.1/8091:91 -u none -T none -U none --no-netns-quit -P /proc/self/fd/3 77");
}

TEST(UserNetworks, AskSlirp4netnsForPortsBySocket) {
  EXPECT_EQ(
      text::join_with(slirp_words({}, kFiles), " "),
      "slirp4netns --configure --mtu=65520 --disable-host-loopback --ready-fd=3 --userns-path=/u --netns-type=path /n eth0");
  const auto ports = parse_publish("127.0.0.1:5353:53/udp");
  EXPECT_NE(text::join_with(slirp_words(ports, kFiles), " ").find("--api-socket=/d/requests"), std::string::npos);
  EXPECT_EQ(slirp_request(ports[0]),
            R"({"execute":"add_hostfwd","arguments":{"proto":"udp","host_addr":"127.0.0.1","host_port":5353,)"
            R"("guest_addr":"10.0.2.100","guest_port":53}})");
  EXPECT_EQ(slirp_refusal(R"({"return":{"id":1}})"), "");
  EXPECT_NE(slirp_refusal(R"({"error":{"desc":"bad request: add_hostfwd: slirp_add_hostfwd failed"}})"), "");
  EXPECT_NE(slirp_refusal(""), "");
}

TEST(UserNetworks, ReachANameServerAtLoopbackByAnAddressOfTheirOwn) {
  Wish wish;
  wish.resolver_inside = kPastaResolver;
  EXPECT_EQ(resolv_text(wish, "nameserver 127.0.0.53\nsearch home\n"), "nameserver 169.254.1.1\nsearch home\n");
  EXPECT_EQ(resolv_text(wish, "nameserver 192.0.2.53\n"), "nameserver 192.0.2.53\n");
  wish.resolver.servers = {"192.0.2.1"};
  EXPECT_EQ(resolv_text(wish, "nameserver 127.0.0.53\n"), "nameserver 192.0.2.1\n");
}

}  // namespace
}  // namespace caisson::network
