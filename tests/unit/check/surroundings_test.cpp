#include "check/surroundings.hpp"

#include <gtest/gtest.h>

namespace caisson::check {
namespace {

TEST(CheckSurroundings, TellsDistributionsByIdAndThenByLikeness) {
  EXPECT_EQ(parse_os_release("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n").family, Family::Debian);
  EXPECT_EQ(parse_os_release("ID=ubuntu\nID_LIKE=debian\n").family, Family::Ubuntu);
  EXPECT_EQ(parse_os_release("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n").family, Family::Rhel);
  EXPECT_EQ(parse_os_release("ID=nobara\nID_LIKE='fedora'\n").family, Family::Fedora);
  EXPECT_EQ(parse_os_release("ID=alpine\n").family, Family::Alpine);
  EXPECT_EQ(parse_os_release("ID=artix\nID_LIKE=arch\n").family, Family::Arch);
  EXPECT_EQ(parse_os_release("ID=nixos\n").family, Family::Other);
  EXPECT_EQ(parse_os_release("ID=nixos\n").name, "nixos");
  EXPECT_EQ(parse_os_release("garbage").family, Family::Other);
}

TEST(CheckSurroundings, TellsTheContainerAroundItByItsSigns) {
  EXPECT_EQ(outer_of({}), Outer::None);
  EXPECT_EQ(outer_of({.dockerenv = true}), Outer::Docker);
  EXPECT_EQ(outer_of({.containerenv = true}), Outer::Podman);
  EXPECT_EQ(outer_of({.dockerenv = true, .kubernetes_secrets = true}), Outer::Kubernetes);
  EXPECT_EQ(outer_of({.manager = "lxc"}), Outer::Lxc);
  EXPECT_EQ(outer_of({.manager = "systemd-nspawn"}), Outer::Other);
  EXPECT_EQ(outer_of({.own_cgroups = "0::/kubepods/burstable/pod1\n"}), Outer::Kubernetes);
}

TEST(CheckSurroundings, TakesARootThatWasMadeAsAnImageForNoContainer) {
  EXPECT_EQ(outer_of({.initial_namespaces = true, .dockerenv = true}), Outer::None);
}

constexpr std::string_view kMasked =
    "21 1 0:20 / / rw - ext4 /dev/sda rw\n"
    "22 21 0:21 / /proc rw,nosuid - proc proc rw\n"
    "23 22 0:22 / /proc/sys/fs/binfmt_misc rw - binfmt_misc none rw\n"
    "24 22 0:23 / /proc/acpi ro - tmpfs tmpfs ro\n"
    "25 22 0:5 /null /proc/kcore rw - devtmpfs none rw\n"
    "26 22 0:21 /sys /proc/sys ro - proc proc rw\n"
    "27 21 0:24 / /sys ro - sysfs sysfs ro\n"
    "28 27 0:25 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
    "29 27 0:26 / /sys/firmware ro - tmpfs tmpfs ro\n"
    "30 21 8:1 / /usr rw,nosuid - ext4 /dev/sdb rw\n";

TEST(CheckSurroundings, NamesWhatCoversPartsOfProcAndSys) {
  EXPECT_EQ(covers_of(kMasked, "/proc"), (std::vector<std::string>{"/proc/acpi", "/proc/kcore", "/proc/sys"}));
  EXPECT_EQ(covers_of(kMasked, "/sys"), std::vector<std::string>{"/sys/firmware"});
}

TEST(CheckSurroundings, FindsTheMountThatTakesSetuidBitsAway) {
  EXPECT_EQ(nosuid_mount_of(kMasked, "/usr/bin/newuidmap"), "/usr");
  EXPECT_EQ(nosuid_mount_of(kMasked, "/bin/newuidmap"), "");
  EXPECT_EQ(nosuid_mount_of(kMasked, "/usrlocal/newuidmap"), "");
}

TEST(CheckSurroundings, SeesAChrootIntoTheMiddleOfAMount) {
  EXPECT_FALSE(chrooted_by(kMasked));
  EXPECT_TRUE(chrooted_by("22 21 0:21 / /proc rw - proc proc rw\n"));
}

TEST(CheckSurroundings, ReadsTheKernelConfiguration) {
  constexpr std::string_view kConfig = "CONFIG_A=y\nCONFIG_AB=m\n# CONFIG_C is not set\n";
  EXPECT_EQ(config_value(kConfig, "CONFIG_A"), "y");
  EXPECT_EQ(config_value(kConfig, "CONFIG_AB"), "m");
  EXPECT_EQ(config_value(kConfig, "CONFIG_C"), "n");
  EXPECT_EQ(config_value(kConfig, "CONFIG_D"), "");
}

}  // namespace
}  // namespace caisson::check
