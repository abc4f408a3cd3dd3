#include "unit/security/libseccomp_oracle.hpp"

#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <stdexcept>

// libseccomp 2.5 leaks some of the rules it is given; the sanitizer build asks this function.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libseccomp.so\n"; }

namespace caisson::security::test {

namespace {

using spec::SeccompAction;
using spec::SeccompOperator;

std::uint32_t action_of(SeccompAction action, std::optional<std::uint32_t> errno_ret) {
  switch (action) {
    case SeccompAction::KillThread:
      return SCMP_ACT_KILL_THREAD;
    case SeccompAction::KillProcess:
      return SCMP_ACT_KILL_PROCESS;
    case SeccompAction::Trap:
      return SCMP_ACT_TRAP;
    case SeccompAction::Errno:
      return SCMP_ACT_ERRNO(errno_ret.value_or(EPERM));
    case SeccompAction::Trace:
      return SCMP_ACT_TRACE(errno_ret.value_or(EPERM));
    case SeccompAction::Allow:
      return SCMP_ACT_ALLOW;
    case SeccompAction::Log:
      return SCMP_ACT_LOG;
    case SeccompAction::Notify:
      return SCMP_ACT_NOTIFY;
  }
  throw std::logic_error("action");
}

scmp_arg_cmp comparison_of(const spec::SeccompArg& arg) {
  constexpr std::array<scmp_compare, 7> kOperators = {SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE,       SCMP_CMP_EQ,
                                                      SCMP_CMP_GE, SCMP_CMP_GT, SCMP_CMP_MASKED_EQ};
  return {arg.index, kOperators[static_cast<std::size_t>(arg.op)], arg.value, arg.value_two};
}

struct Filter {
  scmp_filter_ctx context;
  ~Filter() { seccomp_release(context); }
};

std::vector<SeccompArchitecture> architectures_of(const spec::Seccomp& profile, SeccompArchitecture native) {
  std::vector<SeccompArchitecture> all{native};
  for (const std::string& name : profile.architectures)
    if (const SeccompArchitecture one = seccomp_architecture(name); std::ranges::find(all, one) == all.end())
      all.push_back(one);
  return all;
}

// False if libseccomp refuses the rule.
bool add_rule(scmp_filter_ctx context, const spec::SeccompRule& rule, const std::string& name, std::uint32_t otherwise) {
  const std::uint32_t action = action_of(rule.action, rule.errno_ret);
  if (action == otherwise) return true;
  const int number = seccomp_syscall_resolve_name(name.c_str());
  if (number == __NR_SCMP_ERROR) return true;
  std::vector<scmp_arg_cmp> all;
  std::array<unsigned, 6> uses{};
  for (const spec::SeccompArg& arg : rule.args) {
    all.push_back(comparison_of(arg));
    ++uses.at(arg.index);
  }
  if (std::ranges::all_of(uses, [](unsigned count) { return count <= 1; }))
    return seccomp_rule_add_array(context, action, number, static_cast<unsigned>(all.size()), all.data()) == 0;
  return std::ranges::all_of(
      all, [&](const scmp_arg_cmp& one) { return seccomp_rule_add_array(context, action, number, 1, &one) == 0; });
}

// libseccomp swaps the answer twice where it repeats a return for another byte order than this machine's.
std::uint32_t plausible_answer(std::uint32_t answer) {
  constexpr std::array<std::uint32_t, 8> kActions = {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
                                                     SECCOMP_RET_ERRNO,        SECCOMP_RET_USER_NOTIF,  SECCOMP_RET_TRACE,
                                                     SECCOMP_RET_LOG,          SECCOMP_RET_ALLOW};
  const std::uint32_t action = answer & SECCOMP_RET_ACTION_FULL;
  const bool known =
      std::ranges::find(kActions, action) != kActions.end() && (action != SECCOMP_RET_KILL_THREAD || answer == action);
  return known ? answer : __builtin_bswap32(answer);
}

std::vector<sock_filter> exported(scmp_filter_ctx context, ByteOrder order) {
  const int fd = memfd_create("filter", 0);
  if (fd < 0 || seccomp_export_bpf(context, fd) != 0) throw std::runtime_error("seccomp_export_bpf");
  std::vector<sock_filter> program(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)) / sizeof(sock_filter));
  if (pread(fd, program.data(), program.size() * sizeof(sock_filter), 0) < 0) throw std::runtime_error("read filter");
  close(fd);
  if (order == ByteOrder::Big)
    for (sock_filter& instruction : program) {
      instruction.code = __builtin_bswap16(instruction.code);
      instruction.k = __builtin_bswap32(instruction.k);
      if (instruction.code == (BPF_RET | BPF_K)) instruction.k = plausible_answer(instruction.k);
    }
  return program;
}

}  // namespace

std::optional<std::uint32_t> libseccomp_token(SeccompArchitecture architecture) {
  std::string lower;
  for (const char c : info_of(architecture).name.substr(10)) lower += static_cast<char>(std::tolower(c));
  const std::uint32_t token = seccomp_arch_resolve_name(lower.c_str());
  return token == 0 ? std::nullopt : std::optional(token);
}

int libseccomp_number(std::uint32_t token, const std::string& name) {
  return seccomp_syscall_resolve_name_arch(token, name.c_str());
}

bool libseccomp_knows(const std::string& name) { return seccomp_syscall_resolve_name(name.c_str()) != __NR_SCMP_ERROR; }

std::optional<std::vector<sock_filter>> libseccomp_program(const spec::Seccomp& profile, SeccompArchitecture native) {
  const std::uint32_t otherwise = action_of(profile.default_action, profile.default_errno_ret);
  const Filter filter{seccomp_init(otherwise)};
  if (filter.context == nullptr) throw std::runtime_error("seccomp_init");
  if (native != native_seccomp_architecture()) seccomp_arch_remove(filter.context, SCMP_ARCH_NATIVE);
  for (const SeccompArchitecture architecture : architectures_of(profile, native)) {
    const int result = seccomp_arch_add(filter.context, libseccomp_token(architecture).value());
    if (result != 0 && result != -EEXIST) throw std::runtime_error("seccomp_arch_add");
  }
  std::size_t names = 0;
  for (const spec::SeccompRule& rule : profile.syscalls) names += rule.names.size();
  // runc asks for the binary tree above 32 names. With x32 beside x86_64, libseccomp 2.5 can forget to load the call number
  // unless it builds a tree.
  const bool x32 = std::ranges::find(profile.architectures, "SCMP_ARCH_X32") != profile.architectures.end();
  if (names > 32 || x32) seccomp_attr_set(filter.context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  for (const spec::SeccompRule& rule : profile.syscalls)
    for (const std::string& name : rule.names)
      if (!add_rule(filter.context, rule, name, otherwise)) return std::nullopt;
  return exported(filter.context, info_of(native).order);
}

}  // namespace caisson::security::test
