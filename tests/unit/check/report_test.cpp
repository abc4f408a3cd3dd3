#include "check/report.hpp"

#include <gtest/gtest.h>

#include <set>

#include "unit/check/machines.hpp"

namespace caisson::check {
namespace {

std::vector<std::string> problems(const Report& report) {
  std::vector<std::string> names;
  for (const Finding& finding : report.findings)
    if (finding.judged.state == State::Missing || finding.judged.state == State::Limited)
      names.emplace_back(finding.check->name);
  return names;
}

TEST(CheckReport, FindsNothingMissingOnAWholeMachine) {
  const Report report = judge(whole_machine());
  EXPECT_EQ(problems(report), std::vector<std::string>{});
  EXPECT_EQ(exit_status(report), 0);
  EXPECT_TRUE(report.rootful.lacking.empty());
}

TEST(CheckReport, NamesEveryCheckOnceWithATitleAndAnArea) {
  std::set<std::string_view> seen;
  for (const CheckList& list : all_checks())
    for (const Check& check : list.checks) {
      EXPECT_TRUE(seen.insert(check.name).second) << check.name;
      EXPECT_FALSE(check.title.empty()) << check.name;
      ASSERT_NE(check.judge, nullptr) << check.name;
    }
  EXPECT_GT(seen.size(), 70U);
}

TEST(CheckReport, LetsAnOrdinaryUserRunOnlyRootlessContainers) {
  const Report report = judge(whole_machine_of_user());
  EXPECT_EQ(problems(report), std::vector<std::string>{});
  EXPECT_EQ(exit_status(report), 2);
  EXPECT_EQ(report.rootful.why_not, "only root can run them, and this is uid 1000");
  EXPECT_EQ(about(report, "namespaces.net").state, State::NotTried);
}

TEST(CheckReport, KnowsUbuntuWithTheRestrictionByAppArmor) {
  Measured machine = whole_machine_of_user();
  machine.distribution = {Family::Ubuntu, "Ubuntu 24.04.1 LTS"};
  machine.switches.apparmor_restrict = 1;
  // unshare works there, but the new namespace comes without capabilities.
  set_all(machine.trials.in_user, Attempt::kNotTried);
  machine.trials.in_user[Trial::UserNamespace] = {.error = 0};
  machine.trials.in_user[Trial::MapIds] = {.error = EPERM};
  machine.trials.map_ranges = {};
  const Report report = judge(machine);
  EXPECT_EQ(exit_status(report), 3);
  EXPECT_EQ(report.rootless.lacking, std::vector<std::string>{"namespaces.in-user.user"});
  const Judgement& user = about(report, "namespaces.in-user.user");
  EXPECT_EQ(user.turn_on, "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
  EXPECT_NE(user.value.find("AppArmor"), std::string::npos);
  EXPECT_EQ(about(report, "users.apparmor_restriction").state, State::Missing);
}

TEST(CheckReport, TakesAnAppArmorRestrictionThatSparesThisProgramForNone) {
  Measured machine = whole_machine_of_user();
  machine.switches.apparmor_restrict = 1;
  const Report report = judge(machine);
  EXPECT_EQ(exit_status(report), 2);
  EXPECT_EQ(about(report, "users.apparmor_restriction").state, State::Ok);
}

TEST(CheckReport, KnowsRhelWithoutUserNamespaces) {
  Measured machine = whole_machine();
  machine.distribution = {Family::Rhel, "Red Hat Enterprise Linux 9.4"};
  machine.switches.max_user_namespaces = 0;
  machine.limits[static_cast<std::size_t>(ns::Type::User)].most = 0;
  forbid_user_namespaces(machine, ENOSPC);
  machine.trials.alone[Trial::UserNamespace] = {.error = ENOSPC};
  machine.subordinates.newuidmap = machine.subordinates.newgidmap = {};
  const Report report = judge(machine);
  EXPECT_EQ(exit_status(report), 1);
  EXPECT_EQ(report.rootless.lacking, std::vector<std::string>{"namespaces.in-user.user"});
  EXPECT_EQ(about(report, "namespaces.in-user.user").turn_on, "sysctl -w user.max_user_namespaces=15000");
  EXPECT_EQ(about(report, "namespaces.in-user.user").value, "turned off by sysctl user.max_user_namespaces=0");
  EXPECT_EQ(about(report, "namespaces.in-user.net").value, "needs a user namespace");
  EXPECT_EQ(about(report, "users.newuidmap").turn_on, "dnf install shadow-utils");
}

TEST(CheckReport, KnowsTheSwitchOfDebian) {
  Measured machine = whole_machine_of_user();
  machine.switches.unprivileged_clone = 0;
  forbid_user_namespaces(machine, EPERM);
  const Report report = judge(machine);
  EXPECT_EQ(exit_status(report), 3);
  EXPECT_EQ(about(report, "namespaces.in-user.user").turn_on, "sysctl -w kernel.unprivileged_userns_clone=1");
}

TEST(CheckReport, KnowsAContainerOfDocker) {
  Measured machine = whole_machine();
  machine.outer = Outer::Docker;
  machine.caller.capabilities = 0xa80425fb;  // Docker's fourteen
  machine.caller.seccomp_filtered = true;
  machine.proc_covered = {"/proc/acpi", "/proc/kcore"};
  set_all(machine.trials.alone, Attempt::kNotTried);
  for (const ns::Kind& kind : ns::kKinds) machine.trials.alone[trial_of(kind.type)] = {.error = EPERM};
  forbid_user_namespaces(machine, EPERM);
  machine.calls.clone3 = {.error = ENOSYS};
  machine.cgroups.access = EROFS;
  machine.calls.tun = {.error = ENOENT};
  const Report report = judge(machine);
  EXPECT_EQ(exit_status(report), 3);
  EXPECT_EQ(about(report, "namespaces.net").value, "this is root without CAP_SYS_ADMIN");
  EXPECT_EQ(about(report, "namespaces.net").turn_on, "docker run --privileged");
  const std::string nest =
      "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined";
  EXPECT_EQ(about(report, "namespaces.in-user.user").turn_on, nest);
  EXPECT_EQ(about(report, "processes.clone3").turn_on, nest);
  EXPECT_EQ(about(report, "cgroups.writable").turn_on, "docker run --privileged");
  EXPECT_EQ(about(report, "network.tun").turn_on, "docker run --device /dev/net/tun");
}

TEST(CheckReport, TakesARefusalThatNothingElseExplainsForAChroot) {
  Measured machine = whole_machine();
  machine.trials.alone[Trial::UserNamespace] = {.error = EPERM};
  forbid_user_namespaces(machine, EPERM);
  EXPECT_EQ(about(judge(machine), "namespaces.in-user.user").value, "forbidden inside a chroot");
  EXPECT_EQ(about(judge(machine), "users.chroot").state, State::Missing);
  machine.caller.seccomp_filtered = true;
  EXPECT_EQ(about(judge(machine), "users.chroot").state, State::Ok);
}

TEST(CheckReport, NamesWhatHidesPartsOfProc) {
  Measured machine = whole_machine_of_user();
  machine.outer = Outer::Podman;
  machine.proc_covered = {"/proc/acpi", "/proc/kcore"};
  machine.trials.in_user[Trial::Proc] = {.error = EPERM};
  const Report report = judge(machine);
  EXPECT_EQ(report.rootless.lacking, std::vector<std::string>{"mounts.in-user.proc"});
  EXPECT_EQ(about(report, "mounts.in-user.proc").value, "parts of /proc are hidden by mounts at /proc/acpi /proc/kcore");
  EXPECT_EQ(about(report, "mounts.in-user.proc").turn_on,
            "podman run --security-opt seccomp=unconfined --security-opt unmask=ALL");
}

TEST(CheckReport, KnowsAlpine) {
  Measured machine = whole_machine_of_user();
  machine.distribution = {Family::Alpine, "Alpine Linux v3.20"};
  machine.subordinates = {};
  machine.trials.map_ranges = {};
  machine.trials.in_user[Trial::Overlay] = {.error = ENODEV};
  machine.calls.tun = {.error = ENOENT};
  machine.cgroups.access = EACCES;
  machine.tools = {};
  const Report report = judge(machine);
  EXPECT_EQ(exit_status(report), 2);
  EXPECT_EQ(about(report, "users.newuidmap").turn_on, "apk add shadow-uidmap");
  EXPECT_EQ(about(report, "users.subordinate_ids").turn_on, "echo ada:100000:65536 | tee -a /etc/subuid >>/etc/subgid");
  EXPECT_EQ(about(report, "mounts.in-user.overlay").turn_on, "modprobe overlay");
  EXPECT_EQ(about(report, "network.tun").turn_on, "modprobe tun");
  EXPECT_EQ(about(report, "network.pasta").turn_on, "apk add passt");
  EXPECT_EQ(about(report, "cgroups.writable").turn_on, "mkdir /sys/fs/cgroup/ada && chown -R ada /sys/fs/cgroup/ada");
}

TEST(CheckReport, TellsAKernelWithoutAKindFromOneThatForbidsIt) {
  Measured machine = whole_machine();
  machine.config = "CONFIG_NAMESPACES=y\n# CONFIG_TIME_NS is not set\n";
  machine.trials.alone[Trial::Time] = machine.trials.in_user[Trial::Time] = {.error = EINVAL};
  machine.trials.in_user[Trial::Net] = {.error = ENOSPC};
  machine.limits[static_cast<std::size_t>(ns::Type::Network)].most = 10000;
  const Report report = judge(machine);
  EXPECT_EQ(about(report, "namespaces.time").value, "the kernel has none: CONFIG_TIME_NS is not set");
  EXPECT_EQ(about(report, "namespaces.time").turn_on, "boot a kernel with CONFIG_TIME_NS=y");
  EXPECT_EQ(about(report, "namespaces.in-user.net").turn_on, "sysctl -w user.max_net_namespaces=20000");
  EXPECT_EQ(exit_status(report), 1);
}

TEST(CheckReport, SaysWhichKernelBringsACall) {
  Measured machine = whole_machine();
  machine.kernel = {5, 10};
  machine.release = "5.10.0";
  machine.calls.listns = machine.calls.namespace_id = {.error = ENOSYS};
  const Report report = judge(machine);
  EXPECT_EQ(about(report, "processes.listns").turn_on, "boot Linux 6.19 or later");
  EXPECT_EQ(report.rootful.lacking, std::vector<std::string>{"kernel.version"});
  EXPECT_EQ(about(report, "kernel.version").turn_on, "boot Linux 5.15 or later");
  EXPECT_EQ(exit_status(report), 3);
}

TEST(CheckReport, SaysThatAFilterEndsTheProcess) {
  Measured machine = whole_machine_of_user();
  machine.caller.seccomp_filtered = true;
  forbid_user_namespaces(machine, 0);
  machine.trials.in_user[Trial::UserNamespace].signal = 31;
  const Report report = judge(machine);
  EXPECT_EQ(about(report, "namespaces.in-user.user").value, "a seccomp filter forbids it: ended by signal 31");
}

TEST(CheckReport, SaysWhyMapProgramsGainNothing) {
  Measured machine = whole_machine_of_user();
  machine.subordinates.newuidmap.set_user_id = false;
  machine.subordinates.newgidmap.nosuid_mount = "/usr";
  machine.trials.map_ranges = {.error = EPERM};
  const Report report = judge(machine);
  EXPECT_EQ(about(report, "users.newuidmap").turn_on, "chmod u+s /usr/bin/newuidmap");
  EXPECT_EQ(about(report, "users.newgidmap").turn_on, "mount -o remount,suid /usr");
  EXPECT_EQ(report.rootless.lacking, std::vector<std::string>{"users.map_ranges"});
}

TEST(CheckReport, GivesEveryMissingThingOneLineOfAdvice) {
  Measured machine = whole_machine();
  set_all(machine.trials.alone, EPERM);
  set_all(machine.trials.in_user, EPERM);
  machine.caller.capabilities = 0;
  machine.caller.seccomp_filtered = true;
  machine.tools = {};
  machine.subordinates = {};
  machine.calls = {};
  machine.calls.landlock = {.error = EOPNOTSUPP};
  for (const Finding& finding : judge(machine).findings) {
    if (finding.judged.state != State::Missing) continue;
    EXPECT_FALSE(finding.judged.turn_on.empty()) << finding.check->name;
    EXPECT_EQ(finding.judged.turn_on.find('\n'), std::string::npos) << finding.check->name;
  }
}

TEST(CheckReport, PrintsWhatWorksOnSharedLinesAndAdviceOnLinesOfTheirOwn) {
  Measured machine = whole_machine();
  machine.tools[3].second.clear();
  const Report report = judge(machine);
  const std::string text = text_of(machine, report, Detail::Everything);
  EXPECT_NE(text.find("rootful containers:   yes\n"), std::string::npos);
  EXPECT_NE(text.find("rootless containers:  yes (tried as uid 65534)\n"), std::string::npos);
  EXPECT_NE(text.find("  ok         alone: user, pid, ipc, uts, net, mnt, cgroup, time\n"), std::string::npos);
  EXPECT_NE(text.find("  missing    programs: pasta: not found\n             turn on: apt-get install passt\n"),
            std::string::npos);
  const std::string problems_only = text_of(machine, report, Detail::Problems);
  EXPECT_EQ(problems_only.find("  ok "), std::string::npos);
  EXPECT_NE(problems_only.find("pasta"), std::string::npos);
}

TEST(CheckReport, LetsNoControlCharacterThrough) {
  Measured machine = whole_machine();
  machine.distribution.name = "Evil\x1b[2J";
  const std::string text = text_of(machine, judge(machine), Detail::Everything);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("Evil\\x1b[2J"), std::string::npos);
}

TEST(CheckReport, WritesTheDocumentedObject) {
  Measured machine = whole_machine();
  machine.calls.listns = {.error = ENOSYS};
  machine.kernel = {6, 18};
  const std::string json = json_of(machine, judge(machine));
  EXPECT_NE(json.find("\"rootful\": {\n    \"can\": true,\n    \"lacking\": []\n  }"), std::string::npos);
  EXPECT_NE(json.find("\"status\": 0"), std::string::npos);
  EXPECT_NE(json.find("      \"name\": \"processes.listns\",\n      \"area\": \"processes\",\n      \"state\": \"missing\",\n"
                      "      \"value\": \"came with Linux 6.19\",\n      \"needed_for\": [],\n      \"errno\": \"ENOSYS\",\n"
                      "      \"turn_on\": \"boot Linux 6.19 or later\"\n"),
            std::string::npos);
}

}  // namespace
}  // namespace caisson::check
