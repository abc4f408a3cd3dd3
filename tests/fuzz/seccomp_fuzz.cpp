// A seccomp profile and some calls made of the input: it is refused as a profile, or its program is one that the kernel would
// take, and answers each call as the reference evaluator of the unit tests does.
#include <linux/filter.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "../unit/security/bpf_interpreter.hpp"
#include "../unit/security/reference_filter.hpp"
#include "base/error.hpp"
#include "security/seccomp.hpp"

namespace {

using namespace caisson;
using namespace caisson::security;
using namespace caisson::security::test;

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}
  std::uint64_t take(std::size_t count) {
    std::uint64_t value = 0;
    for (; count > 0 && !rest_.empty(); --count, rest_ = rest_.subspan(1)) value = value << 8 | rest_.front();
    return value;
  }
  bool empty() const { return rest_.empty(); }

 private:
  std::span<const std::uint8_t> rest_;
};

// Mostly small values, so that bounds and arguments meet.
std::uint64_t value_from(Bytes& bytes) {
  const std::uint64_t kind = bytes.take(1);
  if (kind < 160) return kind % 8;
  if (kind < 200) return ~std::uint64_t{0} << (kind % 64);
  return bytes.take(kind % 9);
}

spec::SeccompRule rule_from(Bytes& bytes) {
  spec::SeccompRule rule;
  const std::span<const SyscallRow> rows = syscall_rows();
  rule.names = {rows[bytes.take(2) % rows.size()].name};
  rule.action = static_cast<spec::SeccompAction>(bytes.take(1) % 8);
  if (rule.action == spec::SeccompAction::Errno) rule.errno_ret = static_cast<std::uint32_t>(bytes.take(1));
  for (std::uint64_t count = bytes.take(1) % 4; count > 0; --count) {
    spec::SeccompArg arg{.index = static_cast<std::uint32_t>(bytes.take(1) % 6),
                         .value = value_from(bytes),
                         .value_two = 0,
                         .op = static_cast<spec::SeccompOperator>(bytes.take(1) % 7)};
    if (arg.op == spec::SeccompOperator::MaskedEqual) arg.value_two = value_from(bytes);
    rule.args.push_back(arg);
  }
  return rule;
}

spec::Seccomp profile_from(Bytes& bytes) {
  spec::Seccomp profile;
  profile.default_action = static_cast<spec::SeccompAction>(bytes.take(1) % 8);
  const std::uint64_t architectures = bytes.take(4);
  for (std::size_t i = 0; i < seccomp_architectures().size(); ++i)
    if ((architectures >> i & 1) != 0) profile.architectures.emplace_back(seccomp_architectures()[i].name);
  for (std::uint64_t count = bytes.take(1); count > 0 && !bytes.empty(); --count) profile.syscalls.push_back(rule_from(bytes));
  return profile;
}

void expect(bool good) {
  if (!good) std::abort();
}

CallSample call_from(Bytes& bytes, const spec::Seccomp& profile, SeccompArchitecture native) {
  CallSample call;
  const std::vector<std::string>& names = profile.architectures;
  const std::uint64_t which = bytes.take(1);
  const SeccompArchitecture architecture = names.empty() ? native : seccomp_architecture(names[which % names.size()]);
  call.audit_arch = info_of(architecture).audit_arch;
  call.number = static_cast<std::uint32_t>(bytes.take(4));
  if (!profile.syscalls.empty() && call.number % 4 != 0) {
    const SyscallRow* row = find_syscall(profile.syscalls[call.number % profile.syscalls.size()].names[0]);
    call.number = syscall_number(*row, architecture).value_or(call.number);
  }
  for (std::uint64_t& arg : call.args) arg = value_from(bytes);
  return call;
}

void check(const spec::Seccomp& profile, SeccompArchitecture native, Bytes& bytes) {
  const FilterProgram program = compile(profile, {.native = native, .supported_flags = 0});
  expect(!program.instructions.empty() && program.instructions.size() <= BPF_MAXINSNS);
  const ReferenceFilter reference(profile, native);
  const NewerCalls newer(profile, native);
  const WordOrder order = info_of(native).order == ByteOrder::Little ? WordOrder::LowFirst : WordOrder::HighFirst;
  for (int i = 0; i < 16; ++i) {
    const CallSample call = call_from(bytes, profile, native);
    const auto info = std::ranges::find(seccomp_architectures(), call.audit_arch, &SeccompArchitectureInfo::audit_arch);
    if (info->order != info_of(native).order) continue;  // cannot occur on this machine
    const Run run = interpret(program.instructions, call_words(call.number, call.audit_arch, call.args, order));
    if (newer.answered_with_enosys(call.audit_arch, call.number))
      expect(run.answer == (SECCOMP_RET_ERRNO | ENOSYS));
    else
      expect(reference.right_answers(call).contains(run.answer));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  const SeccompArchitecture native = bytes.take(1) % 2 == 0 ? SeccompArchitecture::X8664 : SeccompArchitecture::S390x;
  const spec::Seccomp profile = profile_from(bytes);
  try {
    check(profile, native, bytes);
  } catch (const Error& error) {
    expect(error.kind() == ErrorKind::Spec && !error.message().empty());
  }
  return 0;
}
