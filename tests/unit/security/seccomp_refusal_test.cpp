#include <gtest/gtest.h>

#include <string>

#include "base/error.hpp"
#include "security/seccomp.hpp"
#include "unit/security/profile_parts.hpp"

namespace caisson::security::test {
namespace {

using spec::SeccompAction;

std::string refusal(const spec::Seccomp& profile, unsigned supported_flags = kAllFlags) {
  try {
    compile(profile, {.native = SeccompArchitecture::X8664, .supported_flags = supported_flags});
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

TEST(SeccompRefusals, NameWhatIsWrong) {
  spec::Seccomp profile = denying({rule({"read"}, SeccompAction::Allow)});
  profile.architectures = {"SCMP_ARCH_VAX"};
  EXPECT_EQ(refusal(profile), "linux.seccomp.architectures: unknown architecture \"SCMP_ARCH_VAX\"");
  profile.architectures.clear();
  profile.flags = {"SECCOMP_FILTER_FLAG_NEW_LISTENER"};
  EXPECT_EQ(refusal(profile), "linux.seccomp.flags: unknown flag \"SECCOMP_FILTER_FLAG_NEW_LISTENER\"");
  profile.flags = {"SECCOMP_FILTER_FLAG_LOG"};
  EXPECT_EQ(refusal(profile, 0), "linux.seccomp.flags: this kernel does not have SECCOMP_FILTER_FLAG_LOG");
  EXPECT_EQ(refusal(denying({rule({""}, SeccompAction::Allow)})), "linux.seccomp.syscalls[].names: an empty name");
  EXPECT_EQ(refusal(denying({rule({"read"}, SeccompAction::Allow, {{.index = 6}})})),
            "linux.seccomp.syscalls: argument index 6 is above 5");
}

TEST(SeccompRefusals, CoverListenersThatWouldWaitForThemselves) {
  spec::Seccomp profile = denying({rule({"read", "write"}, SeccompAction::Notify)});
  EXPECT_EQ(refusal(profile), "linux.seccomp.syscalls: SCMP_ACT_NOTIFY cannot be used for write");
  profile.syscalls.clear();
  profile.default_action = SeccompAction::Notify;
  EXPECT_EQ(refusal(profile), "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY cannot be the default");
}

TEST(SeccompRefusals, CoverErrnosWhereNoneIsReturned) {
  spec::Seccomp profile = denying({rule({"read"}, SeccompAction::Allow)});
  profile.syscalls[0].errno_ret = 1;
  EXPECT_EQ(refusal(profile), "linux.seccomp.syscalls[].errnoRet: an errno is given for an action that returns none");
  profile.syscalls.clear();
  profile.default_errno_ret = 65536;
  EXPECT_EQ(refusal(profile), "linux.seccomp.defaultErrnoRet: errno 65536 does not fit 16 bits");
}

TEST(SeccompRefusals, CoverRulesThatContradictEachOther) {
  const std::vector<spec::SeccompArg> one = {{.index = 0, .value = 1}},
                                      both = {{.index = 0, .value = 1}, {.index = 1, .value = 2}};
  EXPECT_EQ(refusal(denying({rule({"ioctl"}, SeccompAction::Allow, one), rule({"ioctl"}, SeccompAction::Log, one)})),
            "linux.seccomp.syscalls: two rules for \"ioctl\" give different actions for the same arguments");
  EXPECT_NE(refusal(denying({rule({"ioctl"}, SeccompAction::Allow, both), rule({"ioctl"}, SeccompAction::Log, one)})), "");
  EXPECT_EQ(refusal(denying({rule({"ioctl"}, SeccompAction::Log, one), rule({"ioctl"}, SeccompAction::Allow, both)})), "");
}

TEST(SeccompRefusals, CoverProgramsTooLongForTheKernel) {
  std::vector<spec::SeccompRule> rules;
  for (std::uint64_t i = 0; i < 1200; ++i)
    rules.push_back(rule({"ioctl"}, SeccompAction::Allow, {{.index = 0, .value = i}, {.index = 1, .value = i}}));
  EXPECT_NE(refusal(denying(rules)).find("filter instructions, the kernel takes 4096"), std::string::npos);
}

}  // namespace
}  // namespace caisson::security::test
