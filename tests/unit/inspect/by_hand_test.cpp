#include "inspect/by_hand.hpp"

#include <gtest/gtest.h>

#include "inspect/explain.hpp"

namespace caisson::inspect {
namespace {

constexpr std::string_view kCallers =
    "20 1 8:1 / / rw,relatime - ext4 /dev/sda rw\n"
    "21 20 0:5 / /proc rw,relatime - proc proc rw\n"
    "22 20 0:6 / /dev rw,relatime - devtmpfs dev rw\n";

Subject process(std::initializer_list<ns::Type> own) {
  Subject subject{.name = "7"};
  subject.process.pid = 7;
  for (const ns::Kind& kind : ns::kKinds) {
    NamespaceSeen seen{.type = kind.type};
    seen.callers = std::uint64_t{1};
    seen.own = std::uint64_t{std::ranges::find(own, kind.type) == own.end() ? 1U : 2U};
    subject.process.namespaces.push_back(seen);
  }
  subject.process.command = std::string("sleep 60");
  return subject;
}

std::string script_text(const Subject& subject, const std::vector<mount::MountInfo>& callers, bool root = true) {
  return shell_text(
      script_of({.subject = subject, .callers_mounts = callers, .root_links = {}, .gateways = {}, .caller_is_root = root}),
      "title\nrm -rf /");
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(ByHand, NeedsNoNamespacesForAProcessThatHasNone) {
  const std::string script = script_text(process({}), {});
  EXPECT_EQ(script.find("unshare"), std::string::npos);
  EXPECT_TRUE(has_line(script, "[ $# -gt 0 ] || set -- sleep 60"));
  EXPECT_TRUE(has_line(script, "# \"title\\x0arm -rf /\""));
}

TEST(ByHand, ForksWhereANamespaceIsForChildren) {
  EXPECT_TRUE(has_line(script_text(process({ns::Type::Uts}), {}), "unshare --uts sleep infinity &"));
  Subject timed = process({ns::Type::Time});
  timed.inside.clocks = std::vector<ClockOffset>{{"boottime", 100, 0}};
  EXPECT_TRUE(has_line(script_text(timed, {}), "unshare --time --boottime=100 --fork sleep infinity &"));
}

TEST(ByHand, WritesMapsAsWhoeverMay) {
  Subject mapped = process({ns::Type::User});
  mapped.process.maps.uids = std::vector<spec::IdMapping>{{0, 1000, 1}, {1, 100000, 65536}};
  mapped.process.maps.gids = std::vector<spec::IdMapping>{{0, 1000, 1}};
  mapped.process.maps.setgroups = std::string("deny");
  EXPECT_TRUE(has_line(script_text(mapped, {}), "printf '0 1000 1\\n1 100000 65536\\n' >/proc/$first/uid_map"));
  const std::string script = script_text(mapped, {}, false);
  EXPECT_TRUE(has_line(script, "newuidmap $first 0 1000 1 1 100000 65536"));
  EXPECT_TRUE(has_line(script, "printf '0 1000 1\\n' >/proc/$first/gid_map"));
  EXPECT_LT(script.find("setgroups"), script.find("gid_map"));
}

TEST(ByHand, KeepsHostileNamesOneWord) {
  Subject named = process({ns::Type::Uts});
  named.inside.host_name = std::string("a\nINSIDE\nreboot");
  named.inside.domain_name = std::string("$(reboot)");
  const std::string script = script_text(named, {});
  EXPECT_TRUE(has_line(script, "hostname $'a\\012INSIDE\\012reboot'"));
  EXPECT_TRUE(has_line(script, "domainname '$(reboot)'"));
}

std::vector<std::string> mounts(std::string_view own, std::vector<mount::MountInfo>& callers) {
  Subject subject = process({ns::Type::Mount});
  subject.process.mounts = mount::parse_mountinfo(own);
  callers = mount::parse_mountinfo(kCallers);
  return mount_commands(
             {.subject = subject, .callers_mounts = callers, .root_links = {}, .gateways = {}, .caller_is_root = true})
      .lines;
}

TEST(ByHandMounts, ChangeACopyOnlyWhereItDiffers) {
  std::vector<mount::MountInfo> callers;
  EXPECT_TRUE(mounts(kCallers, callers).empty());
  const std::string own =
      "30 1 8:1 / / rw,relatime - ext4 /dev/sda rw\n"
      "31 30 0:5 / /proc ro,relatime - proc proc rw\n"
      "32 30 0:9 / /srv rw,noexec shared:3 - tmpfs mine rw,size=4k,uid=5\n";
  EXPECT_EQ(mounts(own, callers),
            (std::vector<std::string>{"umount -l /dev", "[ -d /srv ] || mkdir -p /srv",
                                      "mount -t tmpfs -o noexec,strictatime,size=4k mine /srv", "mount --make-shared /srv",
                                      "mount -o remount,bind,ro,relatime /proc"}));
}

TEST(ByHandMounts, GiveACopyOnWriteFileSystemAnUpperDirectoryOfItsOwn) {
  Subject subject = process({ns::Type::Mount});
  subject.process.mounts = mount::parse_mountinfo(
      text::join(kCallers,
                 "40 30 0:41 / /mnt rw,relatime - overlay overlay rw,lowerdir=/a,upperdir=/b,workdir=/c\n"
                 "41 30 0:42 / /opt ro,relatime - overlay overlay ro,lowerdir+=/a,lowerdir+=/b\n"
                 "42 30 0:43 / /srv rw,relatime - overlay over rw,lowerdir=a,upperdir=b,workdir=c\n"));
  const std::string script = script_text(subject, mount::parse_mountinfo(kCallers));
  EXPECT_TRUE(has_line(script, "layers=$(mktemp -d)"));
  EXPECT_TRUE(has_line(script, "export layers"));
  EXPECT_TRUE(has_line(script, "trap 'kill -KILL $started $first 2>/dev/null || :; rmdir \"$layers\"' EXIT"));
  EXPECT_TRUE(has_line(script, "mount -t tmpfs tmpfs \"$layers\"\ncd \"$layers\"")) << "which a later mount may cover";
  EXPECT_TRUE(has_line(script, "mount -t overlay -o upperdir=1/upper,workdir=1/work,lowerdir=/a overlay /mnt"));
  EXPECT_TRUE(has_line(script, "mount -t overlay -o lowerdir=/a:/b overlay /opt"));
  EXPECT_TRUE(has_line(script, "cd /\numount -l \"$layers\" 2>/dev/null || :"));
  EXPECT_TRUE(has_line(script, "# /srv: a file system of type overlay that is not mounted here (over)"))
      << "nobody knows where its lower directory is";
}

TEST(ByHandMounts, BuildARootBesideAndMoveIntoIt) {
  std::vector<mount::MountInfo> callers;
  const std::string own =
      "30 1 8:1 /images/a / ro,relatime - ext4 /dev/sda rw\n"
      "31 30 0:30 / /proc rw,relatime - proc proc rw\n"
      "32 30 0:6 /null /proc/keys rw,relatime - devtmpfs dev rw\n"
      "33 31 0:30 /sys /proc/sys ro,noatime - proc proc rw\n";
  EXPECT_EQ(
      mounts(own, callers),
      (std::vector<std::string>{
          "mount --bind /images/a \"$new\"", "[ -d \"$new\"/proc ] || mkdir -p \"$new\"/proc",
          "mount -t proc proc \"$new\"/proc", "[ -e \"$new\"/proc/sys ] || mkdir -p \"$new\"/proc/sys",
          "[ -e \"$new\"/proc/sys ] || if [ -d \"$new\"/proc/sys ]; then mkdir -p \"$new\"/proc/sys; else install -D /dev/null "
          "\"$new\"/proc/sys; fi",
          "mount --bind \"$new\"/proc/sys \"$new\"/proc/sys",
          "[ -e \"$new\"/proc/keys ] || if [ -d /dev/null ]; then mkdir -p \"$new\"/proc/keys; else install -D /dev/null "
          "\"$new\"/proc/keys; fi",
          "mount --bind /dev/null \"$new\"/proc/keys", "mount -o remount,bind,ro,relatime \"$new\"",
          "mount -o remount,bind,ro,noatime \"$new\"/proc/sys", "cd \"$new\"", "pivot_root . ./proc", "umount -l /proc"}));
}

TEST(ByHandDevices, MakeThePairFromOutsideAndAddressItInside) {
  Subject wired = process({ns::Type::Network});
  net::Link lo, eth;
  lo.name = "lo";
  lo.index = 1;
  lo.loopback = lo.up = true;
  eth.name = "eth0";
  eth.index = 2;
  eth.kind = "veth";
  eth.up = true;
  eth.peer = 9;
  eth.peer_nsid = 0;
  eth.addresses = {{.ip = "10.0.0.2", .prefix = 24, .peer = "", .scope = net::AddressScope::Global}};
  wired.inside.links = std::vector<net::Link>{lo, eth};
  const ByHand facts{.subject = wired,
                     .callers_mounts = {},
                     .root_links = {},
                     .gateways = {"default via 10.0.0.1 dev eth0"},
                     .caller_is_root = true};
  EXPECT_EQ(
      device_commands_outside(facts),
      (std::vector<std::string>{"ip link add name bh0_$$ type veth peer name eth0 netns $first", "ip link set dev bh0_$$ up"}));
  EXPECT_EQ(device_commands_inside(facts),
            (std::vector<std::string>{"ip link set dev lo up", "ip address add 10.0.0.2/24 dev eth0", "ip link set dev eth0 up",
                                      "ip route add default via 10.0.0.1 dev eth0"}));
}

TEST(Gateways, AreTheDefaultRoutesWithOne) {
  EXPECT_EQ(parse_gateways("Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
                           "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
                           "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"),
            (std::vector<std::string>{"default via 10.0.0.1 dev eth0"}));
}

}  // namespace
}  // namespace caisson::inspect
