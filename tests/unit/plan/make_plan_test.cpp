#include <gtest/gtest.h>

#include "base/error.hpp"
#include "unit/plan/machines.hpp"

namespace caisson::plan {
namespace {

using spec::NamespaceType;

Plan plan_of(const spec::Spec& spec) { return make_plan(spec, root_on(pure_v2()), web()); }

struct Refusal {
  ErrorKind kind = ErrorKind::Usage;
  std::string message = "no error", hint;
};

Refusal refusal_of(const spec::Spec& spec, const host::HostFacts& facts = root_on(pure_v2()), const Request& request = web()) {
  try {
    static_cast<void>(make_plan(spec, facts, request));
  } catch (const Error& error) {
    return {error.kind(), error.message(), error.hint()};
  }
  return {};
}

void expect_refused(const spec::Spec& spec, ErrorKind kind, std::string_view message) {
  const Refusal got = refusal_of(spec);
  EXPECT_EQ(got.kind, kind) << message;
  EXPECT_EQ(got.message, message);
}

TEST(PlanRefuses, WhatThisVersionCannotDo) {
  using Change = void (*)(spec::Linux&);
  const std::pair<Change, std::string_view> cases[] = {
      {[](spec::Linux& l) { l.net_devices["eth1"] = {.name = "eth0"}; }, "linux.netDevices: not supported by this version"},
      {[](spec::Linux& l) { l.intel_rdt.emplace(); }, "linux.intelRdt: not supported by this version"},
      {[](spec::Linux& l) { l.mount_label = "system_u:object_r:x"; }, "linux.mountLabel: not supported by this version"},
      {[](spec::Linux& l) { l.resources.emplace().pids_limit = 100; },
       "linux.resources.pids.limit: limits are not supported by this version of caisson-oci"},
      {[](spec::Linux& l) { l.resources.emplace().memory.emplace().limit = 1 << 20; },
       "linux.resources.memory.limit: limits are not supported by this version of caisson-oci"},
  };
  for (const auto& [change, message] : cases) {
    spec::Spec spec = spec::default_spec();
    change(*spec.linux_);
    expect_refused(spec, ErrorKind::Host, message);
    EXPECT_NE(refusal_of(spec).hint, "") << message;
  }
}

TEST(PlanRefuses, AConfigurationWithoutAProcessOrARoot) {
  spec::Spec spec = spec::default_spec();
  spec.process.reset();
  expect_refused(spec, ErrorKind::Spec, "process: is required to create a container");
  spec = spec::default_spec();
  spec.root.reset();
  expect_refused(spec, ErrorKind::Spec, "root: is required");
}

TEST(PlanRefuses, WhatWouldMountOnTheHost) {
  spec::Spec spec = spec::default_spec();
  share(spec, NamespaceType::Mount);
  expect_refused(spec, ErrorKind::Spec, "mounts: needs a mount namespace in linux.namespaces");
  spec.mounts.clear();
  expect_refused(spec, ErrorKind::Spec, "root.readonly: needs a mount namespace in linux.namespaces");
  spec.root->readonly = false;
  Request request = web();
  request.host_view.emplace();
  EXPECT_EQ(refusal_of(spec, root_on(pure_v2()), request).message,
            "a view of the host's root: needs a mount namespace in linux.namespaces");
}

TEST(PlanOfMounts, TakesSourcesBelowTheRootFromThereButNotInAViewOfTheHost) {
  spec::Spec spec = spec::default_spec();
  spec.mounts = {{.destination = "/final",
                  .type = "bind",
                  .source = "/srv/bundle/rootfs/mnt",
                  .options = {"bind"},
                  .uid_mappings = {},
                  .gid_mappings = {}}};
  EXPECT_EQ(plan_of(spec).mounts.front().source_tree, mount::SourceTree::Container);
  Request request = web();
  request.host_view.emplace();
  const Plan view = make_plan(spec, root_on(pure_v2()), request);
  EXPECT_EQ(view.mounts.front().source_tree, mount::SourceTree::Host);
  EXPECT_EQ(view.mounts.front().source, "/srv/bundle/rootfs/mnt");
}

TEST(PlanRefuses, AnOrdinaryUserWithoutAUserNamespace) {
  const Refusal got = refusal_of(spec::default_spec(), ordinary_user());
  EXPECT_EQ(got.kind, ErrorKind::Host);
  EXPECT_EQ(got.message, "an ordinary user needs a user namespace to make a container");
  EXPECT_EQ(got.hint,
            "add a namespace of type user with id mappings; `caisson-oci spec --rootless` writes such a configuration");
}

TEST(PlanRefuses, AUserNamespaceWhereTheMachineForbidsIt) {
  host::HostFacts facts = ordinary_user();
  facts.users->forbidden_because = "user.max_user_namespaces is 0";
  const Refusal got = refusal_of(rootless_spec(), facts);
  EXPECT_EQ(got.kind, ErrorKind::Host);
  EXPECT_EQ(got.message, "make a user namespace: not allowed on this machine");
  EXPECT_EQ(got.hint, "user.max_user_namespaces is 0");
}

TEST(PlanRefuses, SupplementaryGroupsWhereSetgroupsIsDenied) {
  spec::Spec spec = rootless_spec();
  spec.process->user.additional_gids = {10};
  EXPECT_EQ(refusal_of(spec, ordinary_user()).message,
            "process.user.additionalGids: setgroups(2) is denied in this user namespace");
}

TEST(PlanRefuses, SecurityModulesThatAreNotThere) {
  spec::Spec spec = spec::default_spec();
  spec.process->apparmor_profile = "web";
  expect_refused(spec, ErrorKind::Host, "process.apparmorProfile: AppArmor is not enabled here, but \"web\" is asked for");
  spec.process->apparmor_profile.clear();
  spec.process->selinux_label = "a:b:c";
  expect_refused(spec, ErrorKind::Host, "process.selinuxLabel: SELinux is not enabled here, but \"a:b:c\" is asked for");
}

TEST(Plan, KeepsTheCallersGroupsWhenTheAnnotationAsksForIt) {
  spec::Spec spec = rootless_spec();
  spec.process->user.additional_gids = {10};
  spec.annotations["run.oci.keep_original_groups"] = "1";
  EXPECT_EQ(make_plan(spec, ordinary_user(), web()).process.groups_mode, Groups::Keep);
  spec.annotations["run.oci.keep_original_groups"] = "0";
  EXPECT_NE(refusal_of(spec, ordinary_user()).message, "no error");
}

TEST(Plan, LetsTheRuntimeMakeTheNetworkNamespaceWhereItMay) {
  EXPECT_EQ(plan_of(spec::default_spec()).network, NetworkMaker::Runtime);
}

TEST(Plan, LetsTheChildMakeTheNetworkNamespaceThatAnotherUserNamespaceHasToOwn) {
  spec::Spec spec = rootless_spec();
  namespace_in(spec, NamespaceType::Network);
  EXPECT_EQ(make_plan(spec, ordinary_user(), web()).network, NetworkMaker::Child);
  spec = spec::default_spec();
  namespace_in(spec, NamespaceType::User).path = "/proc/1/ns/user";
  EXPECT_EQ(plan_of(spec).network, NetworkMaker::Child);
  spec = spec::default_spec();
  namespace_in(spec, NamespaceType::Time);
  EXPECT_EQ(plan_of(spec).network, NetworkMaker::Child);
}

TEST(Plan, MakesNoNetworkNamespaceWhereOneIsJoinedOrShared) {
  spec::Spec spec = spec::default_spec();
  namespace_in(spec, NamespaceType::Network).path = "/run/netns/blue";
  EXPECT_EQ(plan_of(spec).network, NetworkMaker::Nobody);
  EXPECT_EQ(make_plan(rootless_spec(), ordinary_user(), web()).network, NetworkMaker::Nobody);
}

TEST(Plan, JoinsTheNetworkNamespaceRightBeforeSysfsShowsIt) {
  const Plan plan = plan_of(spec::default_spec());
  ASSERT_LT(plan.network_before_mount, plan.mounts.size());
  EXPECT_EQ(plan.mounts[plan.network_before_mount].type, "sysfs");
  spec::Spec spec = spec::default_spec();
  std::erase_if(spec.mounts, [](const spec::Mount& mount) { return mount.type == "sysfs"; });
  const Plan without = plan_of(spec);
  EXPECT_EQ(without.network_before_mount, without.mounts.size());
}

void mount_last(spec::Spec& spec, const char* where) {
  spec.mounts.push_back(
      {.destination = where, .type = "tmpfs", .source = "tmpfs", .options = {}, .uid_mappings = {}, .gid_mappings = {}});
}

TEST(Plan, MakesDevicesWhileItWaitsForTheNetworkIfNoLaterMountHasToDoWithThem) {
  const auto place = [](void (*change)(spec::Spec&)) {
    spec::Spec spec = spec::default_spec();
    change(spec);
    const Plan plan = plan_of(spec);
    EXPECT_TRUE(plan.devices_before_mount == plan.network_before_mount || plan.devices_before_mount == plan.mounts.size());
    return plan.devices_before_mount == plan.mounts.size() ? "last" : "early";
  };
  EXPECT_STREQ(place([](spec::Spec&) {}), "early");
  EXPECT_STREQ(place([](spec::Spec& spec) { mount_last(spec, "/devices"); }), "early");
  EXPECT_STREQ(place([](spec::Spec& spec) { mount_last(spec, "/dev/late"); }), "last");
  EXPECT_STREQ(place([](spec::Spec& spec) { mount_last(spec, "/srv/../dev"); }), "last");
  EXPECT_STREQ(
      place([](spec::Spec& spec) {
        mount_last(spec, "/srv");
        spec.linux_->devices.push_back({.type = spec::DeviceType::Char, .path = "/srv/a/null", .major = 1, .minor = 3});
      }),
      "last");
  EXPECT_STREQ(place([](spec::Spec& spec) { namespace_in(spec, NamespaceType::Network).path = "/run/netns/blue"; }), "last");
  EXPECT_STREQ(
      place([](spec::Spec& spec) { std::erase_if(spec.mounts, [](const auto& mount) { return mount.type == "sysfs"; }); }),
      "last");
}

TEST(Plan, FindsARelativeRootInTheBundle) {
  spec::Spec spec = spec::default_spec();
  spec.root->path = "../other/./rootfs/";
  EXPECT_EQ(plan_of(spec).root.step.rootfs, "/srv/other/rootfs");
  spec.root->path = "/var//lib/image";
  EXPECT_EQ(plan_of(spec).root.step.rootfs, "/var/lib/image");
}

TEST(Plan, ReadsSysctlsByTheSeparatorThatComesFirst) {
  spec::Spec spec = spec::default_spec();
  spec.linux_->sysctl = {
      {"net.ipv4.conf.eth0/100.rp_filter", "1"}, {"net/ipv4/conf/eth0.100/rp_filter", "2"}, {"kernel.shmmax", "3"}};
  std::vector<std::string> paths;
  for (const Sysctl& one : plan_of(spec).sysctls) paths.push_back(one.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"kernel/shmmax", "net/ipv4/conf/eth0.100/rp_filter",
                                             "net/ipv4/conf/eth0.100/rp_filter"}));
}

TEST(Plan, NamesTheKeyringAfterTheContainerUnlessTheCallersIsKept) {
  EXPECT_EQ(plan_of(spec::default_spec()).session_keyring, "web");
  Request request = web();
  request.keyring = KeyringMode::KeepCallers;
  EXPECT_EQ(make_plan(spec::default_spec(), root_on(pure_v2()), request).session_keyring, "");
}

TEST(Plan, BindsDevicesInAUserNamespaceAndMakesThemElsewhere) {
  EXPECT_FALSE(plan_of(spec::default_spec()).devices.by_bind);
  EXPECT_TRUE(make_plan(rootless_spec(), ordinary_user(), web()).devices.by_bind);
  host::HostFacts inside = root_on(pure_v2());
  inside.initial_user_namespace = false;
  EXPECT_TRUE(make_plan(spec::default_spec(), inside, web()).devices.by_bind);
}

TEST(Plan, LeavesTheIdsOfAUserNamespaceThatIsNotItsOwnToTheKernel) {
  host::HostFacts inside = root_on(pure_v2());
  inside.initial_user_namespace = false;
  EXPECT_NO_THROW(static_cast<void>(make_plan(spec::default_spec(), inside, web())));  // has devpts with gid=5
  spec::Spec joined = spec::default_spec();
  namespace_in(joined, NamespaceType::User).path = "/proc/1/ns/user";
  EXPECT_NO_THROW(static_cast<void>(plan_of(joined)));
  spec::Spec own = rootless_spec();
  own.mounts = spec::default_spec().mounts;
  EXPECT_EQ(refusal_of(own, ordinary_user()).message,
            "mounts[2]: option gid=5 of /dev/pts names an id that the user namespace does not map");
}

TEST(Plan, LimitsDevicesOnOneKindOfHierarchyOnly) {
  const Plan v2 = plan_of(spec::default_spec());
  EXPECT_FALSE(v2.cgroup.device_program.empty());
  EXPECT_TRUE(v2.cgroup.device_writes.empty());
  const Plan v1 = make_plan(spec::default_spec(), root_on(only_v1()), web());
  EXPECT_TRUE(v1.cgroup.device_program.empty());
  EXPECT_FALSE(v1.cgroup.device_writes.empty());
}

TEST(Plan, LoadsAFilterEarlyOnlyWhenItMust) {
  spec::Spec spec = spec::default_spec();
  EXPECT_FALSE(plan_of(spec).process.filters_early()) << "no filter at all";
  spec.linux_->seccomp = forbid_reboot();
  EXPECT_FALSE(plan_of(spec).process.filters_early());
  spec.process->no_new_privileges = false;
  EXPECT_TRUE(plan_of(spec).process.filters_early());
  spec.process->no_new_privileges = true;
  spec.linux_->seccomp->syscalls.push_back(
      {.names = {"mknod"}, .action = spec::SeccompAction::Notify, .errno_ret = {}, .args = {}});
  spec.linux_->seccomp->listener_path = "/run/agent.sock";
  EXPECT_TRUE(plan_of(spec).process.filters_early()) << "the listener has to be handed over";
}

TEST(Plan, GivesNoWindowWithoutATerminal) {
  spec::Spec spec = spec::default_spec();
  spec.process->console_size = spec::BoxSize{.height = 24, .width = 80};
  ASSERT_TRUE(plan_of(spec).process.window);
  EXPECT_EQ(plan_of(spec).process.window->rows, 24);
  EXPECT_EQ(plan_of(spec).process.window->columns, 80);
  spec.process->terminal = false;
  EXPECT_FALSE(plan_of(spec).process.window);
}

TEST(Plan, HasNoCapabilitiesWhereTheConfigurationHasNone) {
  spec::Spec spec = spec::default_spec();
  spec.process->capabilities.reset();
  EXPECT_FALSE(plan_of(spec).process.capabilities);
}

}  // namespace
}  // namespace caisson::plan
