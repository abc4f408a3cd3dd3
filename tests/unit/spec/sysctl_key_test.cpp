#include "spec/sysctl_key.hpp"

#include <gtest/gtest.h>

namespace caisson::spec {
namespace {

TEST(SysctlPath, TakesBothSpellings) {
  EXPECT_EQ(sysctl_path("net.ipv4.ip_forward"), "net/ipv4/ip_forward");
  EXPECT_EQ(sysctl_path("net/ipv4/ip_forward"), "net/ipv4/ip_forward");
  EXPECT_EQ(sysctl_path("net/ipv4/conf/eno2.100/forwarding"), "net/ipv4/conf/eno2.100/forwarding");
  EXPECT_EQ(sysctl_path("net.ipv4.conf.eno2/100.forwarding"), "net/ipv4/conf/eno2.100/forwarding");
  EXPECT_EQ(sysctl_path("kernel"), "kernel");
}

TEST(SysctlPath, NeverLeavesProcSys) {
  for (const char* key : {"", ".", "..", "/", "a..b", "a//b", "/etc/passwd", ".a", "a.", "a/", "net/../kernel", "net/./x",
                          "net.//.x", "net./.x"}) {
    EXPECT_EQ(sysctl_path(key), std::nullopt) << key;
  }
}

}  // namespace
}  // namespace caisson::spec
