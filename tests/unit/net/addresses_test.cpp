#include "net/addresses.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>

namespace caisson::net {
namespace {

std::string six(const char* words) {
  in6_addr bytes{};
  EXPECT_EQ(inet_pton(AF_INET6, words, &bytes), 1) << words;
  return ip_text({reinterpret_cast<const char*>(&bytes), sizeof bytes});
}

TEST(AddressesInWords, AreThoseOfTheStandard) {
  EXPECT_EQ(ip_text({"\xc0\x00\x02\xff", 4}), "192.0.2.255");
  for (const char* words : {"::", "::1", "fe80::1", "2001:db8::ff00:42:8329", "1:0:0:2::3", "1::2:0:0:3", "1:2:3:4:5:6:7:8",
                            "0:1:2:3:4:5:6:7", "1:2:3:4:5:6:7:0", "1:2:3:4:5:6::", "::ffff:192.0.2.1", "a0:b00:c:d::"})
    EXPECT_EQ(six(words), words);
  EXPECT_EQ(six("1:0:2:0:3:0:4:0"), "1:0:2:0:3:0:4:0");  // one zero alone is no run
  EXPECT_EQ(ip_text("abc"), "");
}

TEST(AddressesInWords, AgreeWithTheLibraryOnRandomOnes) {
  std::mt19937 random(42);
  for (int i = 0; i < 5000; ++i) {
    in6_addr bytes{};
    for (auto& byte : bytes.s6_addr) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
    bytes.s6_addr[1] =
        1;  // not one with an IPv4 address inside, which the library writes with dots where the standard need not
    char expected[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, &bytes, expected, sizeof expected);
    ASSERT_EQ(ip_text({reinterpret_cast<const char*>(&bytes), sizeof bytes}), expected);
  }
}

TEST(HardwareAddresses, HaveColonsAndAreNoneWhenZero) {
  EXPECT_EQ(hardware_text({"\x52\x54\x00\xab\xcd\xef", 6}), "52:54:00:ab:cd:ef");
  EXPECT_EQ(hardware_text({"\0\0\0\0\0\0", 6}), "");
  EXPECT_EQ(hardware_text(""), "");
}

}  // namespace
}  // namespace caisson::net
