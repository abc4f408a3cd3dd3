#include "security/seccomp_tree.hpp"

#include <linux/seccomp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace caisson::security {

namespace {

using Label = BpfAssembler::Label;
using Test = BpfAssembler::Test;
using spec::SeccompOperator;
enum class Half : std::uint8_t { Lower, Upper };
constexpr std::uint32_t kAllBits = 0xffffffff;

std::uint32_t offset_of(std::uint32_t argument, Half half, ByteOrder order) {
  const bool second = (half == Half::Upper) == (order == ByteOrder::Little);
  return static_cast<std::uint32_t>(offsetof(seccomp_data, args)) + argument * 8 + (second ? 4 : 0);
}

// How a comparison is made of tests on halves. Ordered ones first ask whether the upper half is greater.
struct OperatorCode {
  SeccompOperator op;
  bool ordered;
  Test lower;
  bool holds_when_test_fails;
};
constexpr std::array<OperatorCode, 7> kOperatorCode = {{
    {SeccompOperator::NotEqual, false, Test::Equal, true},
    {SeccompOperator::Less, true, Test::GreaterOrEqual, true},
    {SeccompOperator::LessOrEqual, true, Test::Greater, true},
    {SeccompOperator::Equal, false, Test::Equal, false},
    {SeccompOperator::GreaterOrEqual, true, Test::GreaterOrEqual, false},
    {SeccompOperator::Greater, true, Test::Greater, false},
    {SeccompOperator::MaskedEqual, false, Test::Equal, false},
}};

const OperatorCode& code_of(SeccompOperator op) { return kOperatorCode[static_cast<std::size_t>(op)]; }

Label place_comparison(BpfAssembler& program, const Comparison& comparison, Label holds, Label fails, WordLayout layout) {
  const OperatorCode& code = code_of(comparison.op);
  const Label yes = code.holds_when_test_fails ? fails : holds;
  const Label no = code.holds_when_test_fails ? holds : fails;
  const std::uint32_t lower = static_cast<std::uint32_t>(comparison.value),
                      upper = static_cast<std::uint32_t>(comparison.value >> 32);
  const std::uint32_t lower_mask = static_cast<std::uint32_t>(comparison.mask);
  const std::uint32_t upper_mask = static_cast<std::uint32_t>(comparison.mask >> 32);
  Label at = yes;
  if (lower_mask != 0)
    at = program.load(offset_of(comparison.index, Half::Lower, layout.order), lower_mask,
                      program.branch(code.lower, lower, yes, no));
  if (layout.words == WordSize::Bits32 || upper_mask == 0) return at;
  at = program.branch(Test::Equal, upper, at, no);
  if (code.ordered) at = program.branch(Test::Greater, upper, yes, at);
  return program.load(offset_of(comparison.index, Half::Upper, layout.order), upper_mask, at);
}

Label place_chain(BpfAssembler& program, const Decision& decision, std::uint32_t otherwise, WordLayout layout) {
  Label next = program.answer(otherwise);
  for (auto clause = decision.rbegin(); clause != decision.rend(); ++clause) {
    Label at = program.answer(clause->answer);
    for (auto comparison = clause->comparisons.rbegin(); comparison != clause->comparisons.rend(); ++comparison)
      at = place_comparison(program, *comparison, at, next, layout);
    next = at;
  }
  return next;
}

bool holds(const Comparison& comparison, std::uint64_t value) {
  if (!code_of(comparison.op).ordered)
    return ((value & comparison.mask) == comparison.value) != (comparison.op == SeccompOperator::NotEqual);
  const bool test = code_of(comparison.op).lower == Test::Greater ? value > comparison.value : value >= comparison.value;
  return test != code_of(comparison.op).holds_when_test_fails;
}

std::uint32_t answer_for(const Decision& decision, std::uint64_t value, std::uint32_t otherwise) {
  const auto clause = std::find_if(decision.begin(), decision.end(),
                                   [value](const Clause& candidate) { return holds(candidate.comparisons.front(), value); });
  return clause == decision.end() ? otherwise : clause->answer;
}

// The values of the one argument that all clauses look at, if they can be put in order and fit the lower half; those of a
// larger value have the answer `above`.
struct ValueRanges {
  std::uint32_t argument = 0;
  IntervalList lower;
  std::uint32_t above = 0;
};

std::optional<ValueRanges> value_ranges(const Decision& decision, std::uint32_t otherwise, WordSize words) {
  constexpr std::uint64_t kEnd = std::uint64_t{1} << 32;
  const std::uint32_t argument = decision.front().comparisons.front().index;
  std::vector<std::uint64_t> bounds = {0, kEnd};
  for (const Clause& clause : decision) {
    const Comparison& comparison = clause.comparisons.front();
    if (clause.comparisons.size() != 1 || comparison.index != argument || comparison.op == SeccompOperator::MaskedEqual ||
        comparison.value >= kEnd)
      return std::nullopt;
    bounds.push_back(comparison.value);
    bounds.push_back(comparison.value + 1);
  }
  std::sort(bounds.begin(), bounds.end());
  ValueRanges ranges{.argument = argument, .lower = {}, .above = answer_for(decision, kEnd, otherwise)};
  for (const std::uint64_t bound : bounds)
    if (bound < kEnd) ranges.lower.append(static_cast<std::uint32_t>(bound), answer_for(decision, bound, otherwise));
  if (words == WordSize::Bits32) ranges.above = 0;
  return ranges;
}

Label place_ranges(BpfAssembler& program, const ValueRanges& ranges, WordLayout layout) {
  const auto answer = [&program](std::uint32_t value) { return program.answer(value); };
  const Label above = layout.words == WordSize::Bits64 ? program.answer(ranges.above) : 0;
  const Label tree = place_tree(program, ranges.lower.all(), answer);
  const Label at = program.load(offset_of(ranges.argument, Half::Lower, layout.order), kAllBits, tree);
  if (layout.words == WordSize::Bits32) return at;
  return program.load(offset_of(ranges.argument, Half::Upper, layout.order), kAllBits,
                      program.branch(Test::Equal, 0, at, above));
}

}  // namespace

void IntervalList::append(std::uint32_t first, std::uint32_t outcome) {
  if (!intervals_.empty() && intervals_.back().first == first) intervals_.pop_back();
  if (!intervals_.empty() && intervals_.back().outcome == outcome) return;
  intervals_.push_back({first, outcome});
}

Label place_tree(BpfAssembler& program, std::span<const Interval> intervals,
                 const std::function<Label(std::uint32_t outcome)>& place) {
  if (intervals.size() == 1) return place(intervals.front().outcome);
  // One number that stands out of a range.
  if (intervals.size() == 3 && intervals[0].outcome == intervals[2].outcome && intervals[1].first + 1 == intervals[2].first) {
    const Label around = place(intervals[0].outcome);
    const Label inside = place(intervals[1].outcome);
    return program.branch(Test::Equal, intervals[1].first, inside, around);
  }
  const std::size_t middle = intervals.size() / 2;
  const Label right = place_tree(program, intervals.subspan(middle), place);
  const Label left = place_tree(program, intervals.first(middle), place);
  return program.branch(Test::GreaterOrEqual, intervals[middle].first, right, left);
}

Label place_decision(BpfAssembler& program, const Decision& decision, std::uint32_t otherwise, WordLayout layout) {
  if (decision.front().comparisons.empty()) return program.answer(decision.front().answer);
  if (const std::optional<ValueRanges> ranges = value_ranges(decision, otherwise, layout.words))
    return place_ranges(program, *ranges, layout);
  return place_chain(program, decision, otherwise, layout);
}

}  // namespace caisson::security
