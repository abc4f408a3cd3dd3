// The order rules of a container's first process. docs/init-order.md has the reasons.
#include "plan/steps.hpp"

#include <gtest/gtest.h>

#include <set>

namespace caisson::plan {
namespace {

using enum InitStep;

struct Rule {
  InitStep earlier, later;
  const char* because;
};

constexpr Rule kRules[] = {
    {BecomeRoot, JoinNamespaces, "the ids of the user namespace give the privilege over what it owns"},
    {JoinNamespaces, CreateNamespaces, "a joined network namespace must not be left for a new one"},
    {CreateNamespaces, SetPropagation, "propagation of the host's mounts must not be changed"},
    {SessionKeyring, SwitchUser, "the keyring is named and opened up with privilege"},
    {SetPropagation, AttachRoot, "no mount may reach the host"},
    {AttachRoot, MountFilesystems, "mounts are attached below the root"},
    {MountFilesystems, MakeDevices, "/dev is mostly a mount"},
    {MakeDevices, WaitForRuntimeHooks, "hooks find a finished tree"},
    {WaitForRuntimeHooks, RunContainerHooks, "config.md: createRuntime comes before createContainer"},
    {RunContainerHooks, EnterRoot, "config.md: createContainer hooks are found in the host's tree, before pivot_root"},
    {EnterRoot, AttachConsole, "the terminal belongs to the container's devpts, and no path of it may lead outside"},
    {CreateNamespaces, SetHostNames, "the names of the host must not change"},
    {MountFilesystems, SetSysctls, "sysctls are written after every mount, through the handle from before"},
    {SetSysctls, MakePathsReadonly, "/proc/sys is usually made read-only"},
    {SetSysctls, MaskPaths, "a mask may cover what a sysctl is written to"},
    {MakePathsReadonly, MaskPaths, "a mask must not be covered by the copy of a read-only path"},
    {MaskPaths, LeaveOldRoot, "its end costs a grace period: once, when no mount can fail any more"},
    {LeaveOldRoot, SealMounts, "the root of the namespace is made read-only, not what lies on top of it"},
    {AttachConsole, SealMounts, "/dev/console is made on a writable /dev"},
    {MakeDevices, SealMounts, "nodes are made on a writable /dev"},
    {SetScheduling, SwitchUser, "priorities and the OOM score need privilege"},
    {SetScheduling, FilterEarly, "the filter may forbid the calls"},
    {SealMounts, FilterEarly, "the filter may forbid mount calls"},
    {FilterEarly, SwitchUser, "a filter without no_new_privs needs CAP_SYS_ADMIN"},
    {LimitCapabilities, SwitchUser, "it needs CAP_SETPCAP"},
    {ResetSignals, ExecuteTrampoline, "execve keeps what is ignored"},
    {WaitForRecord, SwitchUser, "nothing of the user's runs before the record is on disk"},
    {SealMounts, WaitForRecord, "created means that everything but the program is there"},
    {SwitchUser, SetCapabilities, "setuid changes the sets"},
    {SwitchUser, ForbidNewPrivileges, "nothing that needs privilege comes after it"},
    {SetCapabilities, FindExecutable, "what the user cannot execute is not found"},
    {FindExecutable, ExecuteTrampoline, "the trampoline is handed the path"},
};

TEST(InitSteps, KeepTheirOrder) {
  for (const Rule& rule : kRules) EXPECT_LT(rule.earlier, rule.later) << name_of(rule.earlier) << ": " << rule.because;
}

TEST(InitSteps, BeginByBecomingRootAndEndWithTheTrampoline) {
  EXPECT_EQ(static_cast<std::size_t>(BecomeRoot), 0U);
  EXPECT_EQ(static_cast<std::size_t>(ExecuteTrampoline), kInitStepNames.size() - 1);
}

TEST(InitSteps, HaveNamesOfTheirOwn) {
  const std::set<std::string_view> names(kInitStepNames.begin(), kInitStepNames.end());
  EXPECT_EQ(names.size(), kInitStepNames.size());
  EXPECT_FALSE(names.contains(""));
}

TEST(InitSteps, AreNamedInWords) {
  EXPECT_EQ(name_of(BecomeRoot), "become root in the user namespace");
  EXPECT_EQ(name_of(ForbidNewPrivileges), "forbid new privileges");
  EXPECT_EQ(name_of(ExecuteTrampoline), "hand over to the trampoline");
}

}  // namespace
}  // namespace caisson::plan
