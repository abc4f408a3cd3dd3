#include "security/seccomp_clauses.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::security {

namespace {

using spec::SeccompOperator;
constexpr std::uint32_t kArguments = 6;

Comparison comparison_of(const spec::SeccompArg& arg) {
  if (arg.index >= kArguments)
    throw Error(ErrorKind::Spec, text::join("linux.seccomp.syscalls: argument index ", arg.index, " is above 5"));
  if (arg.op == SeccompOperator::MaskedEqual)
    return {.index = arg.index, .op = arg.op, .value = arg.value_two & arg.value, .mask = arg.value};
  return {.index = arg.index, .op = arg.op, .value = arg.value};
}

// A masked comparison that looks at no bit holds always; on 32-bit words the upper half is not looked at.
void fit_to(WordSize words, Clause& clause) {
  if (words == WordSize::Bits32)
    for (Comparison& comparison : clause.comparisons) {
      comparison.value &= 0xffffffff;
      comparison.mask &= 0xffffffff;
    }
  std::erase_if(clause.comparisons, [](const Comparison& comparison) { return comparison.mask == 0; });
}

// The order in which libseccomp tries clauses of different answers: it sorts tests of 32-bit halves, each level of its tree
// by these keys, and keeps the order of insertion where they tie.
struct HalfTest {
  int argument;  // 2 * index + 1 for the upper half; higher is tried first
  int rank;      // equality before less before greater
  std::uint32_t value, mask;
  SeccompOperator kind;  // tests of one kind, value and mask are one node of the tree
  bool ascending;

  bool same_node(const HalfTest& other) const noexcept {
    return argument == other.argument && kind == other.kind && value == other.value && mask == other.mask;
  }
  bool tried_before(const HalfTest& other) const noexcept {
    if (argument != other.argument) return argument > other.argument;
    if (rank != other.rank) return rank > other.rank;
    return ascending ? value < other.value : value > other.value;
  }
};

struct OperatorOrder {
  SeccompOperator op;
  int rank;
  SeccompOperator upper, lower;
};
constexpr std::array<OperatorOrder, 7> kOperatorOrder = {{
    {SeccompOperator::NotEqual, 3, SeccompOperator::Equal, SeccompOperator::Equal},
    {SeccompOperator::Less, 2, SeccompOperator::Greater, SeccompOperator::GreaterOrEqual},
    {SeccompOperator::LessOrEqual, 2, SeccompOperator::Greater, SeccompOperator::Greater},
    {SeccompOperator::Equal, 3, SeccompOperator::Equal, SeccompOperator::Equal},
    {SeccompOperator::GreaterOrEqual, 1, SeccompOperator::Greater, SeccompOperator::GreaterOrEqual},
    {SeccompOperator::Greater, 1, SeccompOperator::Greater, SeccompOperator::Greater},
    {SeccompOperator::MaskedEqual, 3, SeccompOperator::MaskedEqual, SeccompOperator::MaskedEqual},
}};

struct Path {
  const Clause* clause;
  std::vector<HalfTest> tests;
};

Path path_of(const Clause& clause, WordSize words) {
  Path path{&clause, {}};
  for (const Comparison& comparison : clause.comparisons) {
    const OperatorOrder& order = kOperatorOrder[static_cast<std::size_t>(comparison.op)];
    const bool ascending = order.rank == 2;
    const int argument = static_cast<int>(comparison.index) * 2;
    if (words == WordSize::Bits64)
      path.tests.push_back({argument + 1, order.rank, static_cast<std::uint32_t>(comparison.value >> 32),
                            static_cast<std::uint32_t>(comparison.mask >> 32), order.upper, ascending});
    path.tests.push_back({argument, order.rank, static_cast<std::uint32_t>(comparison.value),
                          static_cast<std::uint32_t>(comparison.mask), order.lower, ascending});
  }
  return path;
}

void append_in_order(std::vector<Path> paths, std::size_t level, std::vector<Clause>& out) {
  std::vector<std::vector<Path>> groups;
  for (Path& path : paths) {
    if (path.tests.size() == level) {  // a clause with fewer conditions covers those that go on
      out.push_back(*path.clause);
      continue;
    }
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const std::vector<Path>& members) {
      return members.front().tests[level].same_node(path.tests[level]);
    });
    if (group == groups.end())
      groups.emplace_back().push_back(std::move(path));
    else
      group->push_back(std::move(path));
  }
  std::stable_sort(groups.begin(), groups.end(), [level](const std::vector<Path>& a, const std::vector<Path>& b) {
    return a.front().tests[level].tried_before(b.front().tests[level]);
  });
  for (std::vector<Path>& group : groups) append_in_order(std::move(group), level + 1, out);
}

bool covers(const Clause& wide, const Clause& narrow) {
  return wide.comparisons.size() <= narrow.comparisons.size() &&
         std::equal(wide.comparisons.begin(), wide.comparisons.end(), narrow.comparisons.begin());
}

// An earlier clause that a later one with another answer would swallow whole: no order makes sense of that.
void refuse_contradictions(const std::vector<Clause>& clauses, std::string_view name) {
  for (std::size_t later = 1; later < clauses.size(); ++later)
    for (std::size_t earlier = 0; earlier < later; ++earlier)
      if (clauses[earlier].answer != clauses[later].answer && covers(clauses[later], clauses[earlier]))
        throw Error(ErrorKind::Spec, text::join("linux.seccomp.syscalls: two rules for ", text::quoted(name),
                                                " give different actions for the same arguments"))
            .with_hint("remove one of them, or list the rule with fewer conditions first if it is meant to win");
}

}  // namespace

std::vector<Clause> clauses_of(const spec::SeccompRule& rule, std::uint32_t answer) {
  std::vector<Comparison> comparisons;
  std::array<unsigned, kArguments> uses{};
  for (const spec::SeccompArg& arg : rule.args) {
    comparisons.push_back(comparison_of(arg));
    ++uses[arg.index];
  }
  if (std::all_of(uses.begin(), uses.end(), [](unsigned count) { return count <= 1; })) {
    std::sort(comparisons.begin(), comparisons.end(),
              [](const Comparison& a, const Comparison& b) { return a.index < b.index; });
    return {Clause{std::move(comparisons), answer}};
  }
  std::vector<Clause> alternatives;
  for (const Comparison& comparison : comparisons) alternatives.push_back({{comparison}, answer});
  return alternatives;
}

Decision settle(std::vector<Clause> clauses, WordSize words, std::string_view name) {
  for (Clause& clause : clauses) fit_to(words, clause);
  const auto always =
      std::find_if(clauses.begin(), clauses.end(), [](const Clause& clause) { return clause.comparisons.empty(); });
  if (always != clauses.end()) return {std::move(*always)};
  if (std::all_of(clauses.begin(), clauses.end(),
                  [&](const Clause& clause) { return clause.answer == clauses.front().answer; }))
    return clauses;  // alternatives with one answer: the order is of no matter
  refuse_contradictions(clauses, name);
  std::vector<Path> paths;
  std::transform(clauses.begin(), clauses.end(), std::back_inserter(paths),
                 [words](const Clause& clause) { return path_of(clause, words); });
  Decision ordered;
  append_in_order(std::move(paths), 0, ordered);
  return ordered;
}

}  // namespace caisson::security
