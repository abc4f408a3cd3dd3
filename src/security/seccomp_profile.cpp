#include "security/seccomp_profile.hpp"

#include <linux/seccomp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::security {

// A call that some architectures reach through socketcall(2) or ipc(2): which one, and its number there.
struct MultiplexedCall {
  std::string_view name;
  bool by_socketcall;
  std::uint32_t selector;  // linux/net.h SYS_*, linux/ipc.h
};
namespace {

using spec::SeccompAction;

struct ActionCode {
  SeccompAction action;
  std::uint32_t answer;
  bool takes_errno;
  bool permissive;  // then calls newer than the profile are not answered with ENOSYS
};
constexpr std::array<ActionCode, 8> kActions = {{
    {SeccompAction::KillThread, SECCOMP_RET_KILL_THREAD, false, false},
    {SeccompAction::KillProcess, SECCOMP_RET_KILL_PROCESS, false, false},
    {SeccompAction::Trap, SECCOMP_RET_TRAP, false, false},
    {SeccompAction::Errno, SECCOMP_RET_ERRNO, true, false},
    {SeccompAction::Trace, SECCOMP_RET_TRACE, true, true},
    {SeccompAction::Allow, SECCOMP_RET_ALLOW, false, true},
    {SeccompAction::Log, SECCOMP_RET_LOG, false, true},
    {SeccompAction::Notify, SECCOMP_RET_USER_NOTIF, false, false},
}};

std::uint32_t answer_of(SeccompAction action, std::optional<std::uint32_t> errno_ret, std::string_view where) {
  const ActionCode& code = kActions[static_cast<std::size_t>(action)];
  if (errno_ret && !code.takes_errno)
    throw Error(ErrorKind::Spec, text::join("linux.seccomp.", where, ": an errno is given for an action that returns none"));
  if (errno_ret && *errno_ret > SECCOMP_RET_DATA)
    throw Error(ErrorKind::Spec, text::join("linux.seccomp.", where, ": errno ", *errno_ret, " does not fit 16 bits"));
  return code.answer | (code.takes_errno ? errno_ret.value_or(EPERM) : 0);
}

constexpr std::array<MultiplexedCall, 32> kMultiplexed = {{
    {"accept", true, 5},      {"accept4", true, 18},    {"bind", true, 2},     {"connect", true, 3},   {"getpeername", true, 7},
    {"getsockname", true, 6}, {"getsockopt", true, 15}, {"listen", true, 4},   {"msgctl", false, 14},  {"msgget", false, 13},
    {"msgrcv", false, 12},    {"msgsnd", false, 11},    {"recv", true, 10},    {"recvfrom", true, 12}, {"recvmmsg", true, 19},
    {"recvmsg", true, 17},    {"semctl", false, 3},     {"semget", false, 2},  {"semop", false, 1},    {"semtimedop", false, 4},
    {"send", true, 9},        {"sendmmsg", true, 20},   {"sendmsg", true, 16}, {"sendto", true, 11},   {"setsockopt", true, 14},
    {"shmat", false, 21},     {"shmctl", false, 24},    {"shmdt", false, 22},  {"shmget", false, 23},  {"shutdown", true, 13},
    {"socket", true, 1},      {"socketpair", true, 8},
}};

const MultiplexedCall* multiplexed(std::string_view name) {
  const auto found =
      std::lower_bound(kMultiplexed.begin(), kMultiplexed.end(), name,
                       [](const MultiplexedCall& entry, std::string_view wanted) { return entry.name < wanted; });
  return found != kMultiplexed.end() && found->name == name ? &*found : nullptr;
}

void refuse_notify_deadlock(const spec::SeccompRule& rule, std::string_view name) {
  if (rule.action == SeccompAction::Notify && name == "write")
    throw Error(ErrorKind::Spec, "linux.seccomp.syscalls: SCMP_ACT_NOTIFY cannot be used for write")
        .with_hint("the process that hands over the listener would itself wait for the listener");
}

void add_rule(SeccompProfile& profile, const spec::SeccompRule& rule) {
  const std::uint32_t answer = answer_of(rule.action, rule.errno_ret, "syscalls[].errnoRet");
  const std::vector<Clause>* clauses = nullptr;
  if (answer != profile.otherwise) clauses = &profile.clauses.emplace_back(clauses_of(rule, answer));
  profile.notify |= rule.action == SeccompAction::Notify;
  for (const std::string& name : rule.names) {
    if (name.empty()) throw Error(ErrorKind::Spec, "linux.seccomp.syscalls[].names: an empty name");
    refuse_notify_deadlock(rule, name);
    if (const SyscallRow* row = find_syscall(name)) profile.rules.push_back({row, multiplexed(name), clauses});
  }
}

// Stable: by number and place in one key, which sorts several times faster than std::stable_sort.
void sort_by_number(std::vector<RuledCall>& calls) {
  std::vector<std::uint64_t> keys(calls.size());
  for (std::size_t place = 0; place < calls.size(); ++place)
    keys[place] = static_cast<std::uint64_t>(calls[place].number) << 32 | place;
  std::sort(keys.begin(), keys.end());
  std::vector<RuledCall> sorted(calls.size());
  std::transform(keys.begin(), keys.end(), sorted.begin(), [&calls](std::uint64_t key) { return calls[key & 0xffffffff]; });
  calls = std::move(sorted);
}

std::vector<Clause> selected_by(const MultiplexedCall& call, std::vector<Clause> clauses) {
  const Comparison selects{.index = 0, .value = call.selector};
  for (Clause& clause : clauses) {
    std::erase_if(clause.comparisons, [](const Comparison& comparison) { return comparison.index == 0; });
    clause.comparisons.insert(clause.comparisons.begin(), selects);
  }
  return clauses;
}

}  // namespace

SeccompProfile read_profile(const spec::Seccomp& seccomp) {
  if (seccomp.default_action == SeccompAction::Notify)
    throw Error(ErrorKind::Spec, "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY cannot be the default")
        .with_hint("the process that hands over the listener would itself wait for the listener");
  SeccompProfile profile;
  profile.otherwise = answer_of(seccomp.default_action, seccomp.default_errno_ret, "defaultErrnoRet");
  const ActionCode& action = kActions[static_cast<std::size_t>(seccomp.default_action)];
  profile.calls_newer_are_enosys = !action.permissive && profile.otherwise != kNoSuchCall;
  for (const spec::SeccompRule& rule : seccomp.syscalls) add_rule(profile, rule);
  return profile;
}

ArchitectureCalls calls_of(SeccompProfile& profile, SeccompArchitecture architecture) {
  ArchitectureCalls result{.architecture = architecture, .calls = {}, .newest = 0};
  const SeccompArchitectureInfo& info = info_of(architecture);
  result.calls.reserve(profile.rules.size());
  for (const NamedRule& rule : profile.rules) {
    if (rule.multiplexed != nullptr && info.socketcall != 0 && rule.clauses != nullptr) {
      const std::vector<Clause>& clauses = profile.clauses.emplace_back(selected_by(*rule.multiplexed, *rule.clauses));
      const std::uint32_t number = rule.multiplexed->by_socketcall ? info.socketcall : info.ipc;
      result.calls.push_back({number, rule.row->name, &clauses});
    }
    const std::optional<std::uint32_t> number = syscall_number(*rule.row, architecture);
    if (!number) continue;
    result.newest = std::max(result.newest, *number);
    if (rule.clauses != nullptr) result.calls.push_back({*number, rule.row->name, rule.clauses});
  }
  sort_by_number(result.calls);
  return result;
}

}  // namespace caisson::security
