#include "security/seccomp.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/process.hpp"
#include "sys/seccomp.hpp"
#include "unit/security/bpf_interpreter.hpp"
#include "unit/security/profile_parts.hpp"
#include "unit/security/profiles.hpp"

namespace caisson::security::test {
namespace {

using spec::SeccompAction;
using spec::SeccompOperator;

constexpr std::uint32_t kX8664 = 0xc000003e, kI386 = 0x40000003, kArm64 = 0xc00000b7;
constexpr std::uint32_t kDefault = SECCOMP_RET_ERRNO | EPERM, kEnosys = SECCOMP_RET_ERRNO | ENOSYS;

std::uint32_t answer(const FilterProgram& program, std::uint32_t number, std::uint64_t first = 0, std::uint64_t second = 0,
                     std::uint32_t arch = kX8664) {
  const std::uint64_t args[6] = {first, second, 0, 0, 0, 0};
  return interpret(program.instructions, call_words(number, arch, args, WordOrder::LowFirst)).answer;
}

FilterProgram compiled(const spec::Seccomp& profile) {
  return compile(profile, {.native = SeccompArchitecture::X8664, .supported_flags = kAllFlags});
}

TEST(Seccomp, AllowsWhatIsNamedAndAnswersTheRestWithTheDefault) {
  const FilterProgram program = compiled(denying({rule({"read", "write", "openat"}, SeccompAction::Allow)}));
  EXPECT_EQ(answer(program, 0), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(program, 1), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(program, 2), kDefault);
  EXPECT_EQ(answer(program, 257), SECCOMP_RET_ALLOW);
}

TEST(Seccomp, GivesEveryActionItsAnswer) {
  struct Case {
    SeccompAction action;
    std::optional<std::uint32_t> errno_ret;
    std::uint32_t answer;
  };
  for (const Case& one :
       {Case{SeccompAction::KillThread, {}, SECCOMP_RET_KILL_THREAD},
        Case{SeccompAction::KillProcess, {}, SECCOMP_RET_KILL_PROCESS}, Case{SeccompAction::Trap, {}, SECCOMP_RET_TRAP},
        Case{SeccompAction::Errno, {}, SECCOMP_RET_ERRNO | EPERM}, Case{SeccompAction::Errno, 0, SECCOMP_RET_ERRNO},
        Case{SeccompAction::Errno, 99, SECCOMP_RET_ERRNO | 99}, Case{SeccompAction::Trace, {}, SECCOMP_RET_TRACE | EPERM},
        Case{SeccompAction::Trace, 0xffff, SECCOMP_RET_TRACE | 0xffff}, Case{SeccompAction::Log, {}, SECCOMP_RET_LOG},
        Case{SeccompAction::Notify, {}, SECCOMP_RET_USER_NOTIF}}) {
    spec::Seccomp profile;
    profile.syscalls = {rule({"openat"}, one.action)};
    profile.syscalls[0].errno_ret = one.errno_ret;
    const FilterProgram program = compiled(profile);
    EXPECT_EQ(answer(program, 257), one.answer);
    EXPECT_EQ(answer(program, 0), SECCOMP_RET_ALLOW);
    EXPECT_EQ(program.notify, one.action == SeccompAction::Notify);
  }
}

TEST(Seccomp, AnswersCallsNewerThanTheProfileWithEnosys) {
  const FilterProgram program = compiled(denying({rule({"read", "pidfd_open", "frobnicate"}, SeccompAction::Allow)}));
  EXPECT_EQ(answer(program, 434), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(program, 433), kDefault);
  EXPECT_EQ(answer(program, 435), kEnosys);
  EXPECT_EQ(answer(program, 100000), kEnosys);
}

TEST(Seccomp, CountsACallThatRepeatsTheDefaultAsKnownToTheProfile) {
  const FilterProgram program =
      compiled(denying({rule({"read"}, SeccompAction::Allow), rule({"mseal"}, SeccompAction::Errno)}));
  EXPECT_EQ(answer(program, 435), kDefault);
  EXPECT_EQ(answer(program, 462), kDefault);
  EXPECT_EQ(answer(program, 463), kEnosys);
}

TEST(Seccomp, LeavesNewerCallsToAPermissiveOrEnosysDefault) {
  for (const SeccompAction action : {SeccompAction::Allow, SeccompAction::Log, SeccompAction::Trace}) {
    spec::Seccomp profile = denying({rule({"read"}, SeccompAction::KillProcess)});
    profile.default_action = action;
    EXPECT_NE(answer(compiled(profile), 1000), kEnosys);
  }
  spec::Seccomp profile = denying({rule({"read"}, SeccompAction::Allow)});
  profile.default_errno_ret = ENOSYS;
  EXPECT_EQ(answer(compiled(profile), 0x80000001), SECCOMP_RET_KILL_THREAD);
}

TEST(Seccomp, AnswersSetupOnS390WithEnosysBecauseUnknownCallsArriveAsIt) {
  spec::Seccomp profile = denying({rule({"read", "openat"}, SeccompAction::Allow)});
  const FilterProgram program = compile(profile, {.native = SeccompArchitecture::S390x, .supported_flags = 0});
  const std::uint64_t args[6] = {};
  const auto run = [&](std::uint32_t number) {
    return interpret(program.instructions, call_words(number, 0x80000016, args, WordOrder::HighFirst)).answer;
  };
  EXPECT_EQ(run(0), kEnosys);
  EXPECT_EQ(run(1), kDefault);
  EXPECT_EQ(run(3), SECCOMP_RET_ALLOW);
}

TEST(Seccomp, AlwaysFiltersTheNativeArchitectureAndKillsForeignOnes) {
  spec::Seccomp profile = denying({rule({"read"}, SeccompAction::Allow)});
  profile.architectures = {"SCMP_ARCH_X86"};
  const FilterProgram program = compiled(profile);
  EXPECT_EQ(answer(program, 0), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(program, 3, 0, 0, kI386), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(program, 63, 0, 0, kArm64), SECCOMP_RET_KILL_THREAD);
}

TEST(Seccomp, KillsX32CallsUnlessTheProfileNamesX32) {
  spec::Seccomp profile = denying({rule({"read"}, SeccompAction::Allow)});
  EXPECT_EQ(answer(compiled(profile), kX32Bit), SECCOMP_RET_KILL_THREAD);
  EXPECT_EQ(answer(compiled(profile), 0xffffffff), kDefault);
  profile.architectures = {"SCMP_ARCH_X32"};
  EXPECT_EQ(answer(compiled(profile), kX32Bit), SECCOMP_RET_ALLOW);
}

TEST(Seccomp, ComparesAll64Bits) {
  const std::uint64_t value = 0x500000007;
  struct Case {
    SeccompOperator op;
    bool below, at, above, low_half_only;
  };
  for (const Case& one :
       {Case{SeccompOperator::Equal, false, true, false, false}, Case{SeccompOperator::NotEqual, true, false, true, true},
        Case{SeccompOperator::Less, true, false, false, true}, Case{SeccompOperator::LessOrEqual, true, true, false, true},
        Case{SeccompOperator::Greater, false, false, true, false},
        Case{SeccompOperator::GreaterOrEqual, false, true, true, false}}) {
    const FilterProgram program =
        compiled(denying({rule({"ioctl"}, SeccompAction::Allow, {{.index = 1, .value = value, .value_two = 0, .op = one.op}}),
                          rule({"mseal"}, SeccompAction::Allow)}));
    const auto allowed = [&](std::uint64_t argument) { return answer(program, 16, 0, argument) == SECCOMP_RET_ALLOW; };
    EXPECT_EQ(allowed(value - 1), one.below);
    EXPECT_EQ(allowed(value), one.at);
    EXPECT_EQ(allowed(value + 1), one.above);
    EXPECT_EQ(allowed(7), one.low_half_only);
  }
}

TEST(Seccomp, ComparesUnderAMask) {
  const FilterProgram program =
      compiled(denying({rule({"clone"}, SeccompAction::Allow,
                             {{.index = 0, .value = 0x7e020000, .value_two = 0, .op = SeccompOperator::MaskedEqual}})}));
  EXPECT_EQ(answer(program, 56, 0x11), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(program, 56, 0x10000011), kDefault);
  EXPECT_EQ(answer(program, 56, 0x100000011), SECCOMP_RET_ALLOW);
}

TEST(Seccomp, TakesConditionsOnDifferentArgumentsTogetherAndOnOneArgumentAsAlternatives) {
  const FilterProgram together =
      compiled(denying({rule({"ioctl"}, SeccompAction::Allow, {{.index = 0, .value = 1}, {.index = 1, .value = 2}}),
                        rule({"mseal"}, SeccompAction::Allow)}));
  EXPECT_EQ(answer(together, 16, 1, 2), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(together, 16, 1, 3), kDefault);
  const FilterProgram alternatives = compiled(denying(
      {rule({"ioctl"}, SeccompAction::Allow, {{.index = 0, .value = 1}, {.index = 0, .value = 2}, {.index = 1, .value = 9}}),
       rule({"mseal"}, SeccompAction::Allow)}));
  EXPECT_EQ(answer(alternatives, 16, 1, 0), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(alternatives, 16, 2, 0), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(alternatives, 16, 7, 9), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(alternatives, 16, 7, 0), kDefault);
}

TEST(Seccomp, PrefersARuleWithoutConditionsWhereverItStands) {
  for (const bool first : {true, false}) {
    std::vector<spec::SeccompRule> rules = {rule({"ioctl"}, SeccompAction::KillProcess, {{.index = 0, .value = 1}})};
    rules.insert(first ? rules.begin() : rules.end(), rule({"ioctl"}, SeccompAction::Allow));
    EXPECT_EQ(answer(compiled(denying(rules)), 16, 1), SECCOMP_RET_ALLOW);
  }
}

TEST(Seccomp, KeepsTheFirstOfTwoRulesWithoutConditions) {
  const FilterProgram program = compiled(denying({rule({"ioctl"}, SeccompAction::Log), rule({"ioctl"}, SeccompAction::Allow)}));
  EXPECT_EQ(answer(program, 16), SECCOMP_RET_LOG);
}

TEST(Seccomp, ReachesSocketCallsOnI386BothWays) {
  spec::Seccomp profile =
      denying({rule({"socket"}, SeccompAction::Allow, {{.index = 0, .value = 1}}), rule({"shmget"}, SeccompAction::Allow)});
  profile.architectures = {"SCMP_ARCH_X86"};
  const FilterProgram program = compiled(profile);
  EXPECT_EQ(answer(program, 359, 1, 0, kI386), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(program, 359, 2, 0, kI386), kDefault);
  EXPECT_EQ(answer(program, 102, 1, 0, kI386), SECCOMP_RET_ALLOW);  // socketcall(SYS_SOCKET): its arguments are in memory
  EXPECT_EQ(answer(program, 102, 2, 0, kI386), kDefault);
  EXPECT_EQ(answer(program, 117, 23, 0, kI386), SECCOMP_RET_ALLOW);
}

TEST(Seccomp, JumpsFurtherThanOneInstructionCanReach) {
  std::vector<spec::SeccompRule> rules;
  for (std::uint64_t i = 0; i < 400; ++i)
    rules.push_back(rule({"ioctl"}, SeccompAction::Allow, {{.index = 0, .value = i * 3}, {.index = 1, .value = i}}));
  rules.push_back(rule({"read", "openat"}, SeccompAction::Allow));
  const FilterProgram program = compiled(denying(rules));
  EXPECT_GT(program.instructions.size(), 1024u);
  for (std::uint64_t i = 0; i < 400; ++i) {
    EXPECT_EQ(answer(program, 16, i * 3, i), SECCOMP_RET_ALLOW);
    EXPECT_EQ(answer(program, 16, i * 3 + 1, i), kDefault);
  }
  EXPECT_EQ(answer(program, 257), SECCOMP_RET_ALLOW);
  EXPECT_EQ(answer(program, 256), kDefault);
}

TEST(Seccomp, FindsDockersAnswerInFewSteps) {
  const FilterProgram program = compiled(profile_from_file("docker"));
  EXPECT_LT(program.instructions.size(), 700u);
  unsigned most = 0;
  for (std::uint32_t number = 0; number < 470; ++number) {
    const std::uint64_t args[6] = {};
    most = std::max(most, interpret(program.instructions, call_words(number, kX8664, args, WordOrder::LowFirst)).steps);
  }
  EXPECT_LE(most, 20u);
}

TEST(Seccomp, KnowsCallsOfNewKernelsInDockersProfile) {
  const FilterProgram program = compiled(profile_from_file("docker"));
  EXPECT_EQ(answer(program, 462), SECCOMP_RET_ALLOW);  // mseal
  EXPECT_EQ(answer(program, 435), kEnosys);            // clone3, by its rule
  EXPECT_EQ(answer(program, 467), kEnosys);            // open_tree_attr, newer than the profile
}

TEST(SeccompFlags, AreSpecAllowWhereSupportedIfTheProfileSaysNothing) {
  spec::Seccomp profile = denying({rule({"read"}, SeccompAction::Allow)});
  EXPECT_EQ(compiled(profile).load_flags, sys::kSeccompFlagSpecAllow);
  EXPECT_EQ(compile(profile, {.native = SeccompArchitecture::X8664, .supported_flags = 0}).load_flags, 0u);
  profile.flags.emplace();
  EXPECT_EQ(compiled(profile).load_flags, 0u);
}

TEST(SeccompFlags, AreTakenFromTheProfile) {
  spec::Seccomp profile = denying({rule({"read"}, SeccompAction::Allow)});
  profile.flags = {"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"};
  EXPECT_EQ(compiled(profile).load_flags, sys::kSeccompFlagLog);
  profile.syscalls.push_back(rule({"mkdir"}, SeccompAction::Notify));
  EXPECT_EQ(compiled(profile).load_flags,
            sys::kSeccompFlagLog | sys::kSeccompFlagWaitKillableRecv | sys::kSeccompFlagNewListener);
}

// In a child, which then lives under the filter: the exit status is the number of the first check that failed.
int checks_under_filter(const FilterProgram& program) {
  if (!sys::process_control(PR_SET_NO_NEW_PRIVS, 1).ok()) return 1;
  if (!sys::load_seccomp_filter(program.instructions, program.load_flags).ok()) return 2;
  if (syscall(SYS_getpid) <= 0) return 3;
  if (syscall(SYS_setns, -1, 0) != -1 || errno != EPERM) return 4;
  if (syscall(1000) != -1 || errno != ENOSYS) return 5;
  if (syscall(SYS_clone3, nullptr, 0) != -1 || errno != ENOSYS) return 6;
  if (syscall(SYS_socket, 40, 1, 0) != -1 || errno != EPERM) return 7;  // AF_VSOCK
  if (syscall(SYS_personality, 0xffffffffUL) == -1) return 8;
  return 0;
}

TEST(SeccompKernel, RunsDockersProgramWithTheAnswersItCompiledTo) {
  const FilterProgram program = compile(profile_from_file("docker"), {.supported_flags = sys::supported_seccomp_flags()});
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(checks_under_filter(program));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(SeccompKernel, HandsOutAListener) {
  spec::Seccomp profile;
  profile.syscalls = {rule({"mkdir"}, SeccompAction::Notify)};
  const FilterProgram program = compile(profile, {.supported_flags = sys::supported_seccomp_flags()});
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (!sys::process_control(PR_SET_NO_NEW_PRIVS, 1).ok()) _exit(1);
    sys::SysResult<sys::UniqueFd> listener = sys::load_seccomp_filter_with_listener(program.instructions, program.load_flags);
    _exit(listener.ok() && fcntl(listener.value().get(), F_GETFD) == FD_CLOEXEC ? 0 : 2);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(SeccompKernel, TellsWhatItSupports) {
  EXPECT_NE(sys::supported_seccomp_flags() & sys::kSeccompFlagLog, 0u);
  EXPECT_TRUE(sys::seccomp_action_available(SECCOMP_RET_KILL_PROCESS).ok());
  EXPECT_EQ(sys::seccomp_action_available(0x12340000).err(), EOPNOTSUPP);
}

}  // namespace
}  // namespace caisson::security::test
