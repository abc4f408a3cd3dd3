#include <gtest/gtest.h>

#include <algorithm>

#include "unit/request/people.hpp"

namespace caisson::request {
namespace {

using spec::NamespaceType;
using Words = std::vector<std::string>;

bool makes(const spec::Spec& spec, NamespaceType type) {
  return std::ranges::any_of(spec.linux_->namespaces,
                             [type](const spec::Namespace& one) { return one.type == type && one.path.empty(); });
}

const spec::Mount* mount_at(const spec::Spec& spec, std::string_view destination) {
  const auto found = std::ranges::find(spec.mounts, destination, &spec::Mount::destination);
  return found == spec.mounts.end() ? nullptr : &*found;
}

bool has_option(const spec::Mount& mount, std::string_view option) {
  return std::ranges::find(mount.options, option) != mount.options.end();
}

TEST(RunWithoutWishes, MakesEveryKindOfNamespace) {
  const spec::Spec spec = spec_of({});
  for (const auto type : {NamespaceType::User, NamespaceType::Pid, NamespaceType::Ipc, NamespaceType::Uts,
                          NamespaceType::Network, NamespaceType::Mount, NamespaceType::Cgroup, NamespaceType::Time})
    EXPECT_TRUE(makes(spec, type)) << static_cast<int>(type);
  EXPECT_EQ(spec.linux_->namespaces.size(), 8U);
}

TEST(RunWithoutWishes, RunsAShellWithNewPrivilegesForbidden) {
  const spec::Spec spec = spec_of({});
  EXPECT_EQ(spec.process->args, (Words{"/bin/sh"}));
  EXPECT_EQ(spec.process->cwd, "/");
  EXPECT_EQ(spec.process->user.uid, 0U);
  EXPECT_FALSE(spec.process->terminal);
  EXPECT_TRUE(spec.process->no_new_privileges);
  EXPECT_TRUE(spec.process->rlimits.empty());
  EXPECT_EQ(spec.hostname, "caisson");
  EXPECT_EQ(spec.root->path, "/");
  EXPECT_FALSE(spec.root->readonly);
  EXPECT_EQ(spec.linux_->cgroups_path, "");
}

TEST(Share, LeavesOutItsNamespace) {
  for (const auto type : {NamespaceType::Pid, NamespaceType::Ipc, NamespaceType::Uts, NamespaceType::Network,
                          NamespaceType::Cgroup, NamespaceType::Time, NamespaceType::User}) {
    const spec::Spec spec = spec_of({.shared = {type}});
    EXPECT_FALSE(makes(spec, type)) << static_cast<int>(type);
    EXPECT_EQ(spec.linux_->namespaces.size(), 7U) << static_cast<int>(type);
  }
}

TEST(Join, TakesTheNamespaceThatExistsInsteadOfANewOne) {
  const spec::Spec spec = spec_of({.shared = {NamespaceType::User},
                                   .joined = {{.type = NamespaceType::Network, .path = "/proc/self/fd/9"},
                                              {.type = NamespaceType::Uts, .path = "/proc/self/fd/10"}}});
  EXPECT_EQ(spec.linux_->namespaces.size(), 7U);
  EXPECT_FALSE(makes(spec, NamespaceType::Network));
  const auto network = std::ranges::find(spec.linux_->namespaces, NamespaceType::Network, &spec::Namespace::type);
  EXPECT_EQ(network->path, "/proc/self/fd/9");
  EXPECT_EQ(spec.hostname, "") << "the name of others";
}

TEST(Join, OfAUserNamespaceLeavesItsMapsAlone) {
  const spec::Spec spec = spec_of({.joined = {{.type = NamespaceType::User, .path = "/proc/self/fd/9"},
                                              {.type = NamespaceType::Pid, .path = "/proc/self/fd/10"}}},
                                  ann());
  EXPECT_TRUE(spec.linux_->uid_mappings.empty() && spec.linux_->gid_mappings.empty());
  EXPECT_FALSE(has_option(*mount_at(spec, "/dev/pts"), "gid=5")) << "group 5 may not be mapped";
}

TEST(Join, KeepsTheGroupsWhereTheyMayNotBeDropped) {
  Surroundings denied = around();
  denied.groups_stay = true;
  const RunWish wish{.joined = {{.type = NamespaceType::User, .path = "/f"}}};
  EXPECT_EQ(make_spec(wish, ann(), denied).annotations.count("run.oci.keep_original_groups"), 1U);
  EXPECT_EQ(make_spec(wish, ann(), around()).annotations.count("run.oci.keep_original_groups"), 0U);
}

TEST(Join, IsRefusedWhereItCannotBe) {
  const auto one = [](NamespaceType type) { return std::vector<spec::Namespace>{{.type = type, .path = "/f"}}; };
  const NamespaceType user = NamespaceType::User;
  EXPECT_EQ(refusal_of({.shared = {user}, .joined = one(NamespaceType::Mount)}),
            "--ns mnt: a container makes mounts of its own");
  EXPECT_EQ(refusal_of({.joined = one(NamespaceType::Network)}),
            "--ns net: a container with a user namespace of its own has no rights over it");
  EXPECT_EQ(refusal_of({.shared = {user, NamespaceType::Ipc}, .joined = one(NamespaceType::Ipc)}),
            "--ns ipc: the host's is kept by --share or --net host");
  EXPECT_EQ(refusal_of({.shared = {user}, .joined = one(NamespaceType::Network), .network = NetworkWish::Host}),
            "--ns net: the host's is kept by --share or --net host");
  EXPECT_EQ(refusal_of({.shared = {user}, .joined = one(user)}), "--ns user: the host's is kept by --share or --net host");
  EXPECT_EQ(refusal_of({.joined = one(user), .uid_maps = {{.container_id = 0, .host_id = 0, .size = 1}}}),
            "--uidmap, --gidmap: a user namespace that is joined has its maps");
  EXPECT_EQ(refusal_of({.shared = {user}, .joined = one(NamespaceType::Time), .time_offset = "monotonic=5"}),
            "--time-offset: a time namespace that is joined has its offsets");
  EXPECT_EQ(refusal_of({.hostname = "x", .shared = {user}, .joined = one(NamespaceType::Uts)}),
            "--hostname: would rename others, since --ns uts joins their namespace");
}

TEST(Share, IsRefusedForMounts) {
  EXPECT_EQ(refusal_of({.shared = {NamespaceType::Mount}}),
            "--share mnt: a container without a mount namespace would change the host's mounts");
}

TEST(Share, IsRefusedForUsersToAnOrdinaryUser) {
  EXPECT_EQ(refusal_of({.shared = {NamespaceType::User}}, ann()),
            "--share user: an ordinary user needs a user namespace to make a container");
}

TEST(Share, OfUsersContradictsIdMaps) {
  EXPECT_EQ(refusal_of({.shared = {NamespaceType::User}, .uid_maps = {{0, 0, 1}}}),
            "--uidmap, --gidmap: need a user namespace, which --share user leaves out");
}

TEST(Share, OfUsersLeavesOutTheMaps) {
  const spec::Spec spec = spec_of({.shared = {NamespaceType::User}});
  EXPECT_TRUE(spec.linux_->uid_mappings.empty());
  EXPECT_TRUE(spec.linux_->gid_mappings.empty());
}

TEST(Share, OfNamesLeavesTheHostNameAndRefusesAnother) {
  EXPECT_EQ(spec_of({.shared = {NamespaceType::Uts}}).hostname, "");
  EXPECT_EQ(refusal_of({.hostname = "web", .shared = {NamespaceType::Uts}}),
            "--hostname: would rename the host, since --share uts leaves the container without a namespace for it");
}

TEST(Share, OfTheTimeContradictsOffsets) {
  EXPECT_EQ(refusal_of({.shared = {NamespaceType::Time}, .time_offset = "monotonic=1"}),
            "--time-offset: needs a time namespace, which --share time leaves out");
}

TEST(Share, BindsTheHostsFilesystemsThatCannotBeMountedAnew) {
  const spec::Spec spec = spec_of({.shared = {NamespaceType::Pid, NamespaceType::Network, NamespaceType::Ipc}});
  for (const std::string_view place : {"/proc", "/sys", "/dev/mqueue"}) {
    const spec::Mount* mount = mount_at(spec, place);
    ASSERT_NE(mount, nullptr) << place;
    EXPECT_EQ(mount->type, "bind") << place;
    EXPECT_EQ(mount->source, place);
    EXPECT_TRUE(has_option(*mount, "rslave")) << place;
  }
  EXPECT_TRUE(has_option(*mount_at(spec, "/sys"), "rro"));
}

TEST(Share, LeavesOutQueuesThatTheHostDoesNotShow) {
  Surroundings bare = around();
  bare.host_shows_queues = false;
  const spec::Spec spec = make_spec({.shared = {NamespaceType::Ipc}}, root(), bare);
  EXPECT_EQ(mount_at(spec, "/dev/mqueue"), nullptr);
}

TEST(Network, OfTheHostIsShared) {
  const spec::Spec spec = spec_of({.network = NetworkWish::Host});
  EXPECT_FALSE(makes(spec, NamespaceType::Network));
  EXPECT_EQ(mount_at(spec, "/sys")->type, "bind");
  EXPECT_TRUE(makes(spec_of({}), NamespaceType::Network));
}

TEST(TimeOffsets, AreSet) {
  const spec::Spec spec = spec_of({.time_offset = "boottime=1h"});
  EXPECT_EQ(spec.linux_->time_offsets.at("boottime").secs, 3600);
}

TEST(IdMapsOfRun, KeepEveryIdForRoot) {
  const spec::Spec spec = spec_of({});
  ASSERT_EQ(spec.linux_->uid_mappings.size(), 1U);
  EXPECT_EQ(spec.linux_->uid_mappings[0].host_id, 0U);
  EXPECT_EQ(spec.linux_->uid_mappings[0].size, 4294967295U);
  EXPECT_EQ(spec.linux_->gid_mappings[0].size, 4294967295U);
}

TEST(IdMapsOfRun, CutRangesAtTheHighestId) {
  host::HostFacts facts = ann();
  facts.users->subordinate_uids = {{1, 0xfffffff0}, {5000, 100}, {9000, 100}};
  const auto uids = spec_of({}, facts).linux_->uid_mappings;
  ASSERT_EQ(uids.size(), 3U);
  EXPECT_EQ(uids[1].size, 0xfffffff0U);
  EXPECT_EQ(uids[2].container_id, 0xfffffff1U);
  EXPECT_EQ(uids[2].size, 14U);
}

TEST(IdMapsOfRun, PutTheRangesOfAnOrdinaryUserAboveItsOwnId) {
  const spec::Spec spec = spec_of({}, ann());
  const auto& uids = spec.linux_->uid_mappings;
  ASSERT_EQ(uids.size(), 3U);
  EXPECT_EQ(uids[0].host_id, 1000U);
  EXPECT_EQ(uids[0].size, 1U);
  EXPECT_EQ(uids[1].container_id, 1U);
  EXPECT_EQ(uids[1].host_id, 100000U);
  EXPECT_EQ(uids[2].container_id, 65537U);
  EXPECT_EQ(uids[2].host_id, 300000U);
  EXPECT_EQ(uids[2].size, 10U);
  EXPECT_EQ(spec.linux_->gid_mappings[0].host_id, 1001U);
  EXPECT_EQ(spec.linux_->gid_mappings[1].host_id, 200000U);
}

TEST(IdMapsOfRun, AreTheOwnIdAloneWhereRangesAreIncomplete) {
  host::HostFacts no_program = ann();
  no_program.users->newgidmap.clear();
  for (const host::HostFacts& facts : {ann_without_ranges(), no_program}) {
    const spec::Spec spec = spec_of({}, facts);
    ASSERT_EQ(spec.linux_->uid_mappings.size(), 1U);
    ASSERT_EQ(spec.linux_->gid_mappings.size(), 1U);
    EXPECT_EQ(spec.linux_->uid_mappings[0].size, 1U);
    EXPECT_EQ(spec.linux_->gid_mappings[0].host_id, 1001U);
  }
}

TEST(IdMapsOfRun, ThatAreAskedForUsersAloneCountForGroupsToo) {
  const spec::Spec spec = spec_of({.uid_maps = {{0, 5000, 10}}});
  EXPECT_EQ(spec.linux_->gid_mappings[0].host_id, 5000U);
  const spec::Spec groups = spec_of({.gid_maps = {{0, 6000, 10}}});
  EXPECT_EQ(groups.linux_->uid_mappings[0].host_id, 6000U);
}

TEST(Terminals, HaveTheirGroupOnlyWhereItIsMapped) {
  EXPECT_TRUE(has_option(*mount_at(spec_of({}), "/dev/pts"), "gid=5"));
  EXPECT_TRUE(has_option(*mount_at(spec_of({}, ann()), "/dev/pts"), "gid=5"));
  EXPECT_FALSE(has_option(*mount_at(spec_of({}, ann_without_ranges()), "/dev/pts"), "gid=5"));
  EXPECT_TRUE(has_option(*mount_at(spec_of({.shared = {NamespaceType::User}}), "/dev/pts"), "gid=5"));
}

TEST(RootOfRun, IsTheGivenTree) {
  const spec::Spec spec = spec_of({.rootfs = "/srv/image", .read_only = true});
  EXPECT_EQ(spec.root->path, "/srv/image");
  EXPECT_TRUE(spec.root->readonly);
}

TEST(MountsOfRun, PutVolumesAboveScratchAndBothAboveTheDefaults) {
  const spec::Spec spec = spec_of({.volumes = {"data:/data:ro"}, .tmpfs = {"/data"}});
  ASSERT_GE(spec.mounts.size(), 2U);
  EXPECT_EQ(spec.mounts[spec.mounts.size() - 2].type, "tmpfs");
  EXPECT_EQ(spec.mounts.back().source, "/home/ann/data");
}

}  // namespace
}  // namespace caisson::request
