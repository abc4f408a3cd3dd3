#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "mount/devices.hpp"
#include "mount/host_view.hpp"
#include "mount/mount_step.hpp"
#include "mount/root.hpp"

namespace caisson::mount {
namespace {

using namespace sys::abi;

spec::Mount entry(std::string destination, std::string type, std::string source, std::vector<std::string> options) {
  return {.destination = std::move(destination),
          .type = std::move(type),
          .source = std::move(source),
          .options = std::move(options),
          .uid_mappings = {},
          .gid_mappings = {}};
}

MountContext context() {
  return {.bundle = "/bundle",
          .rootfs = "/bundle/rootfs",
          .cgroup = {.mode = CgroupMode::V2,
                     .unified_root = "/sys/fs/cgroup",
                     .unified_directory = "/sys/fs/cgroup/c1",
                     .hierarchies = {}}};
}

MountStep plan_one(const spec::Mount& mount, const MountContext& where = context()) {
  auto steps = plan_mount(mount, 3, where);
  EXPECT_EQ(steps.size(), 1U);
  return steps.front();
}

std::string refusal(const spec::Mount& mount, const MountContext& where = context()) {
  try {
    static_cast<void>(plan_mount(mount, 3, where));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Spec);
    return error.message();
  }
  return "accepted";
}

TEST(PlanMounts, KnowWhichMountPointsAreMissing) {
  const spec::Mount all[] = {entry("/proc", "proc", "proc", {}),
                             entry("/dev", "tmpfs", "tmpfs", {}),
                             entry("/dev/pts", "devpts", "devpts", {}),
                             entry("/dev/pts/more", "tmpfs", "tmpfs", {}),
                             entry("/dev/deep/er", "tmpfs", "tmpfs", {}),
                             entry("/dev/deep/est", "tmpfs", "tmpfs", {}),
                             entry("/dev/proc", "proc", "proc", {}),
                             entry("/dev/file", "bind", "/srv/file", {"rbind"}),
                             entry("/dev", "tmpfs", "tmpfs", {}),
                             entry("/dev/pts", "devpts", "devpts", {}),
                             entry("/dev", "tmpfs", "tmpfs", {"remount"}),
                             entry("/dev/shm", "tmpfs", "tmpfs", {}),
                             entry("/copy", "tmpfs", "tmpfs", {"tmpcopyup"}),
                             entry("/copy/of", "tmpfs", "tmpfs", {})};
  std::string missing;
  for (const MountStep& step : plan_mounts(all, context())) missing += step.place_is_missing ? '+' : '-';
  EXPECT_EQ(missing, "--+-+--+-+----");
}

TEST(PlanMount, KeepsTheDefaultFilesystems) {
  const MountStep dev = plan_one(entry("/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}));
  EXPECT_EQ(dev.kind, StepKind::NewFilesystem);
  EXPECT_EQ(dev.mount.set, kMountAttrNosuid | kMountAttrStrictatime);
  EXPECT_EQ(dev.data, (std::vector<std::string>{"mode=755", "size=65536k"}));
  EXPECT_FALSE(dev.inherit_mode);
  EXPECT_EQ(describe(dev), "tmpfs on /dev (nosuid,strictatime,mode=755,size=65536k)");
  EXPECT_TRUE(plan_one(entry("/proc", "proc", "proc", {})).real_directory_only);
  EXPECT_TRUE(plan_one(entry("/run", "tmpfs", "", {})).inherit_mode);
}

TEST(PlanMount, MakesRelativePathsAbsolute) {
  const MountStep step = plan_one(entry("data/../x", "", "vol", {"rbind"}));
  EXPECT_EQ(step.destination, "/x");
  EXPECT_EQ(step.source, "/bundle/vol");
  EXPECT_TRUE(step.recursive);
  EXPECT_EQ(step.type, "bind");
}

TEST(PlanMount, IgnoresTheTypeOfABind) {
  EXPECT_EQ(plan_one(entry("/x", "tmpfs", "/s", {"bind"})).kind, StepKind::Bind);
  EXPECT_EQ(plan_one(entry("/x", "bind", "/s", {})).kind, StepKind::Bind);
}

TEST(PlanMount, LeavesOutWhatABindHasNoUseForButRefusesWordsThatMayBeMistyped) {
  EXPECT_EQ(plan_one(entry("/x", "bind", "/s", {"bind", "mode=755", "ro", "size=1"})).ignored, "mode=755, size=1");
  EXPECT_EQ(refusal(entry("/x", "bind", "/s", {"bind", "noexc"})),
            "mounts[3]: bind mounts take no filesystem options: \"noexc\"");
}

TEST(PlanMount, RefusesTheRootAsDestination) {
  EXPECT_NE(refusal(entry("/a/..", "tmpfs", "", {})).find("destination is the root itself"), std::string::npos);
  EXPECT_NE(refusal(entry("", "tmpfs", "", {})).find("no destination"), std::string::npos);
}

TEST(PlanMount, RefusesMountsBelowProcButLxcfsFiles) {
  EXPECT_NE(refusal(entry("/proc/self/attr", "bind", "/s", {"bind"})).find("inside /proc"), std::string::npos);
  EXPECT_NE(refusal(entry("/proc/meminfo", "tmpfs", "", {})).find("inside /proc"), std::string::npos);
  EXPECT_NE(refusal(entry("/proc/cpuinfo/x", "bind", "/s", {"bind"})).find("inside /proc"), std::string::npos);
  EXPECT_NE(refusal(entry("/proc", "tmpfs", "", {})).find("only procfs"), std::string::npos);
  EXPECT_TRUE(plan_one(entry("/proc/meminfo", "bind", "/s", {"bind"})).below_proc_allowed);
  EXPECT_TRUE(plan_one(entry("/proc", "bind", "/proc", {"rbind"})).procfs_source_only);
  EXPECT_EQ(plan_one(entry("/process", "tmpfs", "", {})).destination, "/process");
}

TEST(PlanMount, DelaysReadOnlyWhereThingsAreStillMade) {
  const MountStep tmpfs = plan_one(entry("/run", "tmpfs", "", {"ro"}));
  EXPECT_TRUE(tmpfs.readonly_at_end);
  EXPECT_EQ(tmpfs.mount.set, 0U);
  EXPECT_TRUE(plan_one(entry("/dev", "bind", "/dev", {"rbind", "ro"})).readonly_at_end);
  EXPECT_FALSE(plan_one(entry("/data", "bind", "/d", {"rbind", "ro"})).readonly_at_end);
  EXPECT_FALSE(plan_one(entry("/sys", "sysfs", "", {"ro"})).readonly_at_end);
}

TEST(PlanMount, TreeOptionsOfANewFilesystemAreItsOwn) {
  const MountStep step = plan_one(entry("/sys", "sysfs", "", {"rro"}));
  EXPECT_EQ(step.mount.set, kMountAttrRdonly);
  EXPECT_TRUE(step.tree.empty());
}

TEST(PlanMount, FallsBackToTheHostsSysfsWithoutANetworkNamespace) {
  MountContext where = context();
  where.user_namespace = true;
  EXPECT_EQ(plan_one(entry("/sys", "sysfs", "", {}), where).fallback_bind, "/sys");
  where.network_namespace = true;
  EXPECT_EQ(plan_one(entry("/sys", "sysfs", "", {}), where).fallback_bind, "");
}

TEST(PlanMount, RefusesIdsThatTheUserNamespaceDoesNotMap) {
  const std::vector<spec::IdMapping> one{{.container_id = 0, .host_id = 1000, .size = 1}};
  MountContext where = context();
  const auto devpts = entry("/dev/pts", "devpts", "", {"gid=5"});
  EXPECT_EQ(refusal(devpts, where), "accepted");
  where.user_namespace = true;
  where.uid_mappings = where.gid_mappings = one;
  EXPECT_NE(refusal(devpts, where).find("does not map"), std::string::npos);
}

TEST(PlanMount, ChecksIdMappings) {
  auto mount = entry("/x", "bind", "/s", {"bind"});
  mount.uid_mappings = {{.container_id = 0, .host_id = 1, .size = 1}};
  EXPECT_NE(refusal(mount).find("together"), std::string::npos);
  mount.gid_mappings = mount.uid_mappings;
  EXPECT_EQ(plan_one(mount).idmap, IdMapping::Mount);
  EXPECT_TRUE(plan_one(mount).own_id_mappings);
  mount.options = {};
  mount.type = "tmpfs";
  EXPECT_NE(refusal(mount).find("only bind mounts"), std::string::npos);
  EXPECT_NE(refusal(entry("/x", "bind", "/s", {"bind", "idmap"})).find("needs uidMappings"), std::string::npos);
}

TEST(PlanMount, LabelsNewFilesystemsButProcAndSysfs) {
  MountContext where = context();
  where.mount_label = "a:b:c:d,e";
  EXPECT_EQ(plan_one(entry("/run", "tmpfs", "", {}), where).data, (std::vector<std::string>{"context=\"a:b:c:d,e\""}));
  EXPECT_TRUE(plan_one(entry("/proc", "proc", "", {}), where).data.empty());
  EXPECT_EQ(plan_one(entry("/q", "mqueue", "", {}), where).label_after, "a:b:c:d,e");
}

TEST(PlanCgroupMount, IsNewOnVersionTwoWithItsOwnNamespace) {
  MountContext where = context();
  where.cgroup_namespace = true;
  const MountStep step = plan_one(entry("/sys/fs/cgroup", "cgroup", "cgroup", {"ro"}), where);
  EXPECT_EQ(step.kind, StepKind::NewFilesystem);
  EXPECT_EQ(step.type, "cgroup2");
  EXPECT_EQ(step.fallback_bind, "/sys/fs/cgroup/c1");
  EXPECT_EQ(step.mount.set, kMountAttrRdonly);
}

TEST(PlanCgroupMount, IsABindWithoutOne) {
  MountContext where = context();
  const MountStep step = plan_one(entry("/sys/fs/cgroup", "cgroup", "cgroup", {"nosuid"}), where);
  EXPECT_EQ(step.kind, StepKind::Bind);
  EXPECT_EQ(step.source, "/sys/fs/cgroup");
  EXPECT_EQ(step.mount.set, kMountAttrNosuid);
  where.user_namespace = true;
  const MountStep rootless = plan_one(entry("/sys/fs/cgroup", "cgroup", "cgroup", {"rw"}), where);
  EXPECT_EQ(rootless.source, "/sys/fs/cgroup/c1");
  EXPECT_EQ(rootless.mount, (AttributeChange{.set = kMountAttrRdonly, .clear = 0}));
}

TEST(PlanCgroupMount, IsATmpfsWithBindsAndLinksOnVersionOne) {
  MountContext where = context();
  where.cgroup = {
      .mode = CgroupMode::Hybrid,
      .unified_root = "/sys/fs/cgroup/unified",
      .unified_directory = "/sys/fs/cgroup/unified/c1",
      .hierarchies = {{.name = "cpu,cpuacct", .directory = "/sys/fs/cgroup/cpu,cpuacct/c1", .aliases = {"cpu", "cpuacct"}},
                      {.name = "pids", .directory = "/sys/fs/cgroup/pids/c1", .aliases = {"pids"}}}};
  const auto steps = plan_mount(entry("/sys/fs/cgroup", "cgroup", "cgroup", {"ro", "nosuid"}), 0, where);
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(steps[0].type, "tmpfs");
  EXPECT_TRUE(steps[0].readonly_at_end);
  ASSERT_EQ(steps[0].links.size(), 2U);
  EXPECT_EQ(steps[0].links[0], (std::pair<std::string, std::string>("cpu", "cpu,cpuacct")));
  EXPECT_EQ(steps[1].destination, "/sys/fs/cgroup/cpu,cpuacct");
  EXPECT_EQ(steps[1].source, "/sys/fs/cgroup/cpu,cpuacct/c1");
  EXPECT_EQ(steps[1].mount.set, kMountAttrRdonly | kMountAttrNosuid);
  EXPECT_EQ(steps[3].destination, "/sys/fs/cgroup/unified");
}

TEST(PlanCgroupMount, NeedsCgroups) {
  MountContext where = context();
  where.cgroup = {};
  EXPECT_THROW(static_cast<void>(plan_mount(entry("/sys/fs/cgroup", "cgroup", "", {}), 0, where)), Error);
}

TEST(RootPropagation, IsSlaveAndRecursiveByDefault) {
  EXPECT_EQ(propagation_of(""), static_cast<unsigned long>(MS_SLAVE | MS_REC));
  EXPECT_EQ(propagation_of("private"), static_cast<unsigned long>(MS_PRIVATE | MS_REC));
  EXPECT_EQ(propagation_of("shared"), static_cast<unsigned long>(MS_SHARED));
  EXPECT_EQ(propagation_of("rshared"), static_cast<unsigned long>(MS_SHARED | MS_REC));
  EXPECT_THROW(static_cast<void>(propagation_of("public")), Error);
}

TEST(PlanDevices, HasTheDefaultsAndLinks) {
  const DevicePlan plan = plan_devices({}, {.kcore = true});
  ASSERT_EQ(plan.nodes.size(), 6U);
  EXPECT_EQ(plan.nodes.front().path, "/dev/null");
  EXPECT_EQ(plan.nodes.front().mode, static_cast<std::uint32_t>(S_IFCHR | 0666));
  EXPECT_EQ(plan.links.size(), 6U);
  EXPECT_EQ(plan_devices({}, {}).links.size(), 5U);
}

TEST(PlanDevices, AConfigDeviceReplacesTheDefaultWithItsPath) {
  spec::Device null;
  null.path = "/dev//null";
  null.major = 1;
  null.minor = 3;
  null.file_mode = 0600;
  const spec::Device devices[] = {null};
  const DevicePlan plan = plan_devices(devices, {});
  EXPECT_EQ(plan.nodes.size(), 6U);
  EXPECT_EQ(plan.nodes.front().mode, static_cast<std::uint32_t>(S_IFCHR | 0600));
}

TEST(PlanDevices, RefusesBadOnes) {
  spec::Device device;
  device.path = "dev/x";
  EXPECT_THROW(static_cast<void>(plan_devices(std::span(&device, 1), {})), Error);
  device.path = "/dev/x";
  device.type = spec::DeviceType::All;
  EXPECT_THROW(static_cast<void>(plan_devices(std::span(&device, 1), {})), Error);
  device.type = spec::DeviceType::Block;
  device.major = -1;
  EXPECT_THROW(static_cast<void>(plan_devices(std::span(&device, 1), {})), Error);
}

TEST(PlanDevices, MakesNothingInABoundDev) {
  const spec::Mount mounts[] = {entry("/dev/", "", "/dev", {"rbind"})};
  EXPECT_TRUE(binds_dev(mounts));
  const DevicePlan plan = plan_devices({}, {.dev_is_bound = true});
  EXPECT_TRUE(plan.skip);
  EXPECT_TRUE(plan.nodes.empty());
}

TEST(PlanHostView, IsOneOverlayForRoot) {
  HostViewFacts facts;
  facts.top = {{.name = "usr", .type = 4, .link_target = {}}};
  facts.mounts = {{.path = "/home", .attributes = kMountAttrNosuid}};
  const HostViewPlan plan = plan_host_view(facts);
  EXPECT_EQ(plan.kind, HostViewKind::OneOverlay);
  ASSERT_EQ(plan.entries.size(), 6U);
  EXPECT_EQ(plan.entries.back().path, "/home");
  EXPECT_EQ(plan.entries.back().kind, HostEntryKind::Overlay);
  EXPECT_EQ(plan.entries.back().attributes, kMountAttrNosuid);
}

TEST(PlanHostView, IsOneOverlayForEachDirectoryInAUserNamespace) {
  HostViewFacts facts;
  facts.user_namespace = true;
  facts.top = {{.name = "usr", .type = 4, .link_target = {}},
               {.name = "bin", .type = 10, .link_target = "usr/bin"},
               {.name = "tmp", .type = 4, .link_target = {}},
               {.name = "vmlinuz", .type = 8, .link_target = {}}};
  facts.mounts = {{.path = "/usr", .attributes = kMountAttrNodev}, {.path = "/usr/local"}};
  const HostViewPlan plan = plan_host_view(facts);
  ASSERT_EQ(plan.entries.size(), 9U);
  EXPECT_EQ(plan.entries[0].kind, HostEntryKind::Overlay);
  EXPECT_EQ(plan.entries[0].attributes, kMountAttrNodev);
  EXPECT_EQ(plan.entries[1].kind, HostEntryKind::Link);
  EXPECT_EQ(plan.entries[1].link_target, "usr/bin");
  EXPECT_EQ(plan.entries[2].kind, HostEntryKind::BindReadOnly);
  EXPECT_EQ(plan.entries.back().path, "/usr/local");
}

TEST(OwnVolumes, AreThoseThatNoMountCovers) {
  const std::vector<spec::Mount> mounts{{.destination = "/data/"}, {.destination = "/srv/a"}, {.destination = "/dev"}};
  const auto own =
      own_volumes({"/srv/b/c", "/srv", "/data", "/data/below", "/database", "/dev/shm", "/srv/a/x", "/srv/b"}, mounts);
  ASSERT_EQ(own.size(), 4U);
  // With the numbers that they have in the image, since what was written is kept under these.
  EXPECT_EQ(own[0].path, "/database");
  EXPECT_EQ(own[0].number, 4U);
  EXPECT_EQ(own[1].path, "/srv");
  EXPECT_EQ(own[2].path, "/srv/b");
  EXPECT_EQ(own[3].path, "/srv/b/c");
  EXPECT_EQ(volume_directory(own[3].number), "volume/0");
}

}  // namespace
}  // namespace caisson::mount
