#include "security/seccomp.hpp"

#include <linux/seccomp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

#include "base/error.hpp"
#include "base/text.hpp"
#include "security/seccomp_profile.hpp"
#include "security/seccomp_tree.hpp"
#include "sys/seccomp.hpp"

namespace caisson::security {

namespace {

using Label = BpfAssembler::Label;

constexpr std::uint32_t kLast = 0xffffffff;
constexpr std::uint32_t kForeign = SECCOMP_RET_KILL_THREAD;  // an architecture that the profile does not name: as libseccomp

struct Flag {
  std::string_view name;
  unsigned bit;
};
constexpr std::array<Flag, 4> kFlags = {{
    {"SECCOMP_FILTER_FLAG_TSYNC", 0},
    {"SECCOMP_FILTER_FLAG_LOG", sys::kSeccompFlagLog},
    {"SECCOMP_FILTER_FLAG_SPEC_ALLOW", sys::kSeccompFlagSpecAllow},
    {"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", sys::kSeccompFlagWaitKillableRecv},
}};
constexpr std::array<std::string_view, 4> kFlagNames = {kFlags[0].name, kFlags[1].name, kFlags[2].name, kFlags[3].name};

unsigned load_flags(const spec::Seccomp& profile, unsigned supported, bool notify) {
  if (!profile.flags) return (supported & sys::kSeccompFlagSpecAllow) | (notify ? sys::kSeccompFlagNewListener : 0u);
  unsigned flags = 0;
  for (const std::string& name : *profile.flags) {
    const unsigned bit = seccomp_flag_bit(name);
    if ((bit & ~supported) != 0)
      throw Error(ErrorKind::Host, text::join("linux.seccomp.flags: this kernel does not have ", name));
    flags |= bit;
  }
  if (!notify) return flags & ~sys::kSeccompFlagWaitKillableRecv;  // the kernel takes it with a listener only
  return flags | sys::kSeccompFlagNewListener;
}

// A kernel has one byte order: architectures of the other cannot occur. The native one is always there.
std::vector<SeccompArchitecture> architectures_of(const spec::Seccomp& profile, SeccompArchitecture native) {
  std::vector<SeccompArchitecture> architectures{native};
  for (const std::string& name : profile.architectures) {
    const SeccompArchitecture architecture = seccomp_architecture(name);
    if (info_of(architecture).order == info_of(native).order &&
        std::ranges::find(architectures, architecture) == architectures.end())
      architectures.push_back(architecture);
  }
  return architectures;
}

// Everything that has one value of seccomp_data.arch: one architecture, or x86_64 and x32, told apart by bit 30.
struct Section {
  std::uint32_t audit_arch = 0;
  std::vector<ArchitectureCalls> parts;
};

std::vector<Section> sections_of(SeccompProfile& profile, const std::vector<SeccompArchitecture>& architectures) {
  std::vector<Section> sections;
  for (const SeccompArchitecture architecture : architectures) {
    const std::uint32_t audit_arch = info_of(architecture).audit_arch;
    auto section = std::ranges::find(sections, audit_arch, &Section::audit_arch);
    if (section == sections.end()) section = sections.insert(sections.end(), {audit_arch, {}});
    section->parts.push_back(calls_of(profile, architecture));
  }
  return sections;
}

// Numbers and what they answer when no rule speaks of them.
struct Range {
  std::uint32_t first, last, answer;
};
using Ranges = std::vector<Range>;

const ArchitectureCalls* part_of(const Section& section, SeccompArchitecture architecture) {
  const auto part = std::ranges::find(section.parts, architecture, &ArchitectureCalls::architecture);
  return part == section.parts.end() ? nullptr : &*part;
}

// The default up to the newest call that the profile names, ENOSYS above, where that is wanted.
void add_ranges(Ranges& ranges, std::uint32_t first, std::uint32_t last, std::uint32_t newest, const SeccompProfile& profile) {
  if (!profile.calls_newer_are_enosys || newest == 0 || newest >= last) {
    ranges.push_back({first, last, profile.otherwise});
    return;
  }
  if (newest >= first) ranges.push_back({first, newest, profile.otherwise});
  ranges.push_back({std::max(first, newest + 1), last, kNoSuchCall});
}

Ranges ranges_of_x86(const Section& section, const SeccompProfile& profile) {
  const ArchitectureCalls* wide = part_of(section, SeccompArchitecture::X8664);
  const ArchitectureCalls* x32 = part_of(section, SeccompArchitecture::X32);
  const bool wide_stub = profile.calls_newer_are_enosys && wide != nullptr && wide->newest != 0;
  Ranges ranges;
  // Bit 30 clear: x86_64.
  if (wide != nullptr)
    add_ranges(ranges, 0, kX32Bit - 1, wide->newest, profile);
  else
    ranges.push_back({0, kX32Bit - 1, kForeign});
  const auto add_x32 = [&](std::uint32_t first, std::uint32_t last) {
    if (x32 != nullptr)
      add_ranges(ranges, first, last, x32->newest, profile);
    else
      ranges.push_back({first, last, kForeign});
  };
  add_x32(kX32Bit, 2 * kX32Bit - 1);
  // Bit 31 without bit 30 is no call of either, and counted to x86_64 as newer than all, else as libseccomp does.
  ranges.push_back({2 * kX32Bit, 3 * kX32Bit - 1, wide_stub ? kNoSuchCall : x32 != nullptr ? profile.otherwise : kForeign});
  if (x32 != nullptr) {
    add_x32(3 * kX32Bit, kLast);
  } else {
    ranges.push_back({3 * kX32Bit, kLast - 1, kForeign});
    ranges.push_back({kLast, kLast, profile.otherwise});  // -1: a tracer skips the call, that is no x32
  }
  return ranges;
}

Ranges ranges_of(const Section& section, const SeccompProfile& profile) {
  const ArchitectureCalls& part = section.parts.front();
  if (part.architecture == SeccompArchitecture::X8664 || part.architecture == SeccompArchitecture::X32)
    return ranges_of_x86(section, profile);
  Ranges ranges;
  const bool s390 = part.architecture == SeccompArchitecture::S390 || part.architecture == SeccompArchitecture::S390x;
  const bool enosys = profile.calls_newer_are_enosys && part.newest != 0;
  // s390 enters the kernel with number 0 for a call of large number; it stays 0 if the kernel does not know that one.
  if (s390 && enosys) ranges.push_back({0, 0, kNoSuchCall});
  add_ranges(ranges, s390 && enosys ? 1 : 0, kLast, part.newest, profile);
  return ranges;
}

// Outcomes of a section's interval list: a constant answer, or a decision that looks at arguments.
struct Outcome {
  std::uint32_t answer = 0;
  Decision decision;  // empty: the answer
  WordSize words = WordSize::Bits64;
  bool operator==(const Outcome&) const = default;
};

class Outcomes {
 public:
  std::uint32_t index_of(Outcome outcome) {
    const auto known = std::ranges::find(all_, outcome);
    if (known != all_.end()) return static_cast<std::uint32_t>(known - all_.begin());
    all_.push_back(std::move(outcome));
    return static_cast<std::uint32_t>(all_.size() - 1);
  }
  const std::vector<Outcome>& all() const noexcept { return all_; }

 private:
  std::vector<Outcome> all_;
};

struct DecidedCall {
  std::uint32_t number, outcome;
};

// All rules for one number.
Outcome outcome_of(std::span<const RuledCall> rules, WordSize words) {
  for (const RuledCall& rule : rules)  // most rules are like this: no need to copy clauses
    for (const Clause& clause : *rule.clauses)
      if (clause.comparisons.empty()) return {.answer = clause.answer};
  std::vector<Clause> clauses;
  for (const RuledCall& rule : rules) clauses.insert(clauses.end(), rule.clauses->begin(), rule.clauses->end());
  Decision decision = settle(std::move(clauses), words, rules.front().name);
  if (decision.front().comparisons.empty()) return {.answer = decision.front().answer};
  return {.answer = 0, .decision = std::move(decision), .words = words};
}

void decide(const ArchitectureCalls& part, Outcomes& outcomes, std::vector<DecidedCall>& decided) {
  const WordSize words = info_of(part.architecture).words;
  for (std::span<const RuledCall> rest = part.calls; !rest.empty();) {
    const std::uint32_t number = rest.front().number;
    const std::size_t count = static_cast<std::size_t>(
        std::ranges::find_if(rest, [number](const RuledCall& rule) { return rule.number != number; }) - rest.begin());
    decided.push_back({number, outcomes.index_of(outcome_of(rest.first(count), words))});
    rest = rest.subspan(count);
  }
}

IntervalList intervals_of(const Section& section, const SeccompProfile& profile, Outcomes& outcomes) {
  std::vector<DecidedCall> decided;
  for (const ArchitectureCalls& part : section.parts) decide(part, outcomes, decided);
  if (section.parts.size() > 1) std::ranges::sort(decided, {}, &DecidedCall::number);
  IntervalList intervals;
  auto call = decided.begin();
  for (const Range& range : ranges_of(section, profile)) {
    const std::uint32_t around = outcomes.index_of({.answer = range.answer});
    intervals.append(range.first, around);
    for (; call != decided.end() && call->number <= range.last; ++call) {
      intervals.append(call->number, call->outcome);
      if (call->number != range.last) intervals.append(call->number + 1, around);
    }
  }
  return intervals;
}

Label place_section(BpfAssembler& program, const Section& section, const SeccompProfile& profile, ByteOrder order) {
  Outcomes outcomes;
  const IntervalList intervals = intervals_of(section, profile, outcomes);
  constexpr Label kUnplaced = ~Label{0};
  std::vector<Label> placed(outcomes.all().size(), kUnplaced);
  const auto place = [&](std::uint32_t index) {
    const Outcome& outcome = outcomes.all()[index];
    if (outcome.decision.empty()) return program.answer(outcome.answer);
    if (placed[index] == kUnplaced)
      placed[index] = place_decision(program, outcome.decision, profile.otherwise, {outcome.words, order});
    return placed[index];
  };
  return program.load(offsetof(seccomp_data, nr), kLast, place_tree(program, intervals.all(), place));
}

}  // namespace

FilterProgram compile(const spec::Seccomp& seccomp, const SeccompFacts& facts) {
  const std::vector<SeccompArchitecture> architectures = architectures_of(seccomp, facts.native);
  SeccompProfile profile = read_profile(seccomp);
  const unsigned flags = load_flags(seccomp, facts.supported_flags, profile.notify);
  const std::vector<Section> sections = sections_of(profile, architectures);
  BpfAssembler program;
  std::vector<Label> starts;
  for (const Section& section : sections)
    starts.push_back(place_section(program, section, profile, info_of(facts.native).order));
  Label next = program.answer(kForeign);
  for (std::size_t i = sections.size(); i-- > 0;)
    next = program.branch(BpfAssembler::Test::Equal, sections[i].audit_arch, starts[i], next);
  program.load(offsetof(seccomp_data, arch), kLast, next);
  if (program.size() > BPF_MAXINSNS)
    throw Error(ErrorKind::Spec, text::join("linux.seccomp: the profile needs ", program.size(),
                                            " filter instructions, the kernel takes ", BPF_MAXINSNS))
        .with_hint("name fewer architectures or fewer argument rules");
  return {.instructions = std::move(program).finish(), .load_flags = flags, .notify = profile.notify};
}

std::span<const std::string_view> seccomp_flag_names() noexcept { return kFlagNames; }

unsigned seccomp_flag_bit(std::string_view name) {
  for (const Flag& flag : kFlags)
    if (flag.name == name) return flag.bit;
  throw Error(ErrorKind::Spec, text::join("linux.seccomp.flags: unknown flag ", text::quoted(name)));
}

}  // namespace caisson::security
