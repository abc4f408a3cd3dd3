#include "request/make_spec.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "security/capabilities.hpp"

namespace caisson::request {
namespace {

using spec::NamespaceType;
using Words = std::vector<std::string>;

host::HostFacts root() { return {.effective_capabilities = security::kAllCapabilities}; }

host::HostFacts ann() {
  return {.euid = 1000,
          .egid = 1001,
          .users = host::UserNamespaceFacts{.subordinate_uids = {{100000, 65536}, {300000, 10}},
                                            .subordinate_gids = {{200000, 65536}},
                                            .newuidmap = "/usr/bin/newuidmap",
                                            .newgidmap = "/usr/bin/newgidmap"}};
}

host::HostFacts ann_without_ranges() {
  host::HostFacts facts = ann();
  facts.users->subordinate_gids.clear();
  return facts;
}

Surroundings around() {
  return {.passwd = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/srv:/bin/sh\n",
          .group = "root:x:0:\nweb:x:34:\nlog:x:4:web,other\n",
          .shell = "/bin/sh",
          .directory = "/home/ann",
          .seccomp_profile = "",
          .environment = {{"TERM", "linux"}, {"EDITOR", "vi"}}};
}

spec::Spec spec_of(const RunWish& wish, const host::HostFacts& facts = root()) { return make_spec(wish, facts, around()); }

std::string refusal_of(const RunWish& wish, const host::HostFacts& facts = root()) {
  try {
    static_cast<void>(spec_of(wish, facts));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.message();
  }
  return "no error";
}

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

TEST(Environment, HasAPathAndSaysThatThisIsACaisson) {
  EXPECT_EQ(spec_of({}).process->env,
            (Words{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "container=caisson"}));
}

TEST(Environment, HasTheCallersTermOnATerminal) {
  EXPECT_EQ(spec_of({.terminal = true}).process->env.back(), "TERM=linux");
  Surroundings dark = around();
  dark.environment.clear();
  EXPECT_EQ(make_spec({.terminal = true}, root(), dark).process->env.back(), "TERM=xterm");
}

TEST(Environment, TakesValuesAndTheCallersByName) {
  const Words env = spec_of({.env = {"A=1", "B=", "EDITOR", "NOT_THERE", "A=x=y"}}).process->env;
  EXPECT_EQ(Words(env.begin() + 2, env.end()), (Words{"B=", "EDITOR=vi", "A=x=y"}));
}

TEST(Environment, LetsAWishReplaceADefault) {
  const Words env = spec_of({.env = {"PATH=/bin"}}).process->env;
  EXPECT_EQ(env, (Words{"container=caisson", "PATH=/bin"}));
}

TEST(Environment, RefusesAnEntryWithoutAName) {
  EXPECT_EQ(refusal_of({.env = {"=1"}}), "--env: \"=1\" has no name");
  EXPECT_EQ(refusal_of({.env = {""}}), "--env: \"\" has no name");
}

std::uint64_t granted(const RunWish& wish) {
  const spec::Spec spec = spec_of(wish);
  const spec::Capabilities& sets = *spec.process->capabilities;
  EXPECT_EQ(sets.bounding, sets.effective);
  EXPECT_EQ(sets.bounding, sets.permitted);
  EXPECT_TRUE(sets.inheritable.empty());
  EXPECT_TRUE(sets.ambient.empty());
  return security::capability_mask(sets.bounding, "bounding");
}

constexpr std::uint64_t kChown = 1U << 0, kSysAdmin = 1U << 21;

TEST(CapabilitiesOfRun, AreDockersByDefault) { EXPECT_EQ(granted({}), security::kDockerCapabilities); }

TEST(CapabilitiesOfRun, AreAddedAndDropped) {
  EXPECT_EQ(granted({.cap_add = {"sys_admin"}}), security::kDockerCapabilities | kSysAdmin);
  EXPECT_EQ(granted({.cap_drop = {"CAP_CHOWN"}}), security::kDockerCapabilities & ~kChown);
  EXPECT_EQ(granted({.cap_drop = {"ALL"}}), 0U);
  EXPECT_EQ(granted({.cap_add = {"ALL"}}), security::kAllCapabilities);
  EXPECT_EQ(granted({.cap_add = {"chown"}, .cap_drop = {"all"}}), kChown);
}

TEST(CapabilitiesOfRun, AreRefusedWhenUnknown) {
  EXPECT_EQ(refusal_of({.cap_add = {"FLY"}}), "--cap-add: unknown capability \"FLY\"");
  EXPECT_EQ(refusal_of({.cap_drop = {"FLY"}}), "--cap-drop: unknown capability \"FLY\"");
}

TEST(UserOfRun, IsFoundInTheTextOfPasswd) {
  const spec::User user = spec_of({.user = "web"}).process->user;
  EXPECT_EQ(user.uid, 33U);
  EXPECT_EQ(user.gid, 34U);
  EXPECT_EQ(user.additional_gids, (std::vector<std::uint32_t>{4}));
}

TEST(UserOfRun, MayBeANumberWithAGroup) {
  const spec::User user = spec_of({.user = "1234:log"}).process->user;
  EXPECT_EQ(user.uid, 1234U);
  EXPECT_EQ(user.gid, 4U);
  EXPECT_TRUE(user.additional_gids.empty());
}

TEST(UserOfRun, HasNoFurtherGroupsWhereOneIsMapped) {
  EXPECT_TRUE(spec_of({.user = "web"}, ann_without_ranges()).process->user.additional_gids.empty());
}

TEST(UserOfRun, IsRefusedWhenUnknown) {
  EXPECT_EQ(refusal_of({.user = "nobody-here"}), "unable to find user nobody-here: no matching entries in passwd file");
}

TEST(ProcessOfRun, TakesCommandDirectoryAndLimits) {
  const spec::Spec spec = spec_of({.workdir = "/srv", .ulimits = {"nofile=10:20"}, .command = {"ls", "-l"}});
  EXPECT_EQ(spec.process->args, (Words{"ls", "-l"}));
  EXPECT_EQ(spec.process->cwd, "/srv");
  ASSERT_EQ(spec.process->rlimits.size(), 1U);
  EXPECT_EQ(spec.process->rlimits[0].soft, 10U);
  EXPECT_EQ(refusal_of({.workdir = "srv"}), "--workdir: must be an absolute path");
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

TEST(SecurityOptions, ChangeWhatTheyName) {
  EXPECT_FALSE(spec_of({.security_opts = {"no-new-privileges=false"}}).process->no_new_privileges);
  EXPECT_TRUE(spec_of({.security_opts = {"no-new-privileges=false", "no-new-privileges"}}).process->no_new_privileges);
  EXPECT_EQ(spec_of({.security_opts = {"apparmor=web"}}).process->apparmor_profile, "web");
  EXPECT_EQ(spec_of({.security_opts = {"label=a:b:c"}}).process->selinux_label, "a:b:c");
  const spec::Spec open = spec_of({.security_opts = {"unmask=all"}});
  EXPECT_TRUE(open.linux_->masked_paths.empty());
  EXPECT_TRUE(open.linux_->readonly_paths.empty());
  EXPECT_FALSE(spec_of({}).linux_->masked_paths.empty());
}

TEST(SecurityOptions, NameTheFileOfTheFilter) {
  EXPECT_EQ(seccomp_file({}), "");
  EXPECT_EQ(seccomp_file({.security_opts = {"seccomp=/etc/p.json"}}), "/etc/p.json");
  EXPECT_EQ(seccomp_file({.security_opts = {"seccomp=/etc/p.json", "seccomp=unconfined"}}), "");
}

TEST(SecurityOptions, ReadTheFilter) {
  Surroundings strict = around();
  strict.seccomp_profile = R"({"defaultAction":"SCMP_ACT_ERRNO"})";
  const spec::Spec spec = make_spec({}, root(), strict);
  ASSERT_TRUE(spec.linux_->seccomp);
  EXPECT_EQ(spec.linux_->seccomp->default_action, spec::SeccompAction::Errno);
  EXPECT_FALSE(spec_of({}).linux_->seccomp);
}

TEST(SecurityOptions, AreRefusedWhenUnknown) {
  for (const std::string option : {"", "no-new-privileges=yes", "privileged", "unmask=/proc/kcore", "Seccomp=x"}) {
    try {
      static_cast<void>(seccomp_file({.security_opts = {option}}));
      ADD_FAILURE() << option << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      EXPECT_EQ(error.message(), "--security-opt: unknown option \"" + option + "\"");
    }
  }
}

}  // namespace
}  // namespace caisson::request
