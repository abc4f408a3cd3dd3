// The rules of a profile as the compiler sees them: comparisons of arguments that must all hold, and the kernel's answer.
// settle() turns all rules for one call on one architecture into what decides it, with the precedence of libseccomp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "security/seccomp_architecture.hpp"
#include "spec/spec.hpp"

namespace caisson::security {

// (argument & mask) op value; the mask has all bits except for MaskedEqual.
struct Comparison {
  std::uint32_t index = 0;
  spec::SeccompOperator op = spec::SeccompOperator::Equal;
  std::uint64_t value = 0, mask = ~std::uint64_t{0};
  bool operator==(const Comparison&) const = default;
};

struct Clause {
  std::vector<Comparison> comparisons;  // by ascending index, at most one an index; none: always holds
  std::uint32_t answer = 0;             // SECCOMP_RET_* with data
  bool operator==(const Clause&) const = default;
};

// One clause, or one for each comparison if two of them look at the same argument: runc then takes them as alternatives, and
// profiles in use rely on it. Throws Error{Spec} for an argument index above 5.
std::vector<Clause> clauses_of(const spec::SeccompRule& rule, std::uint32_t answer);

// What decides a call: the first clause that holds, else the profile's default. A single clause without comparisons: always.
using Decision = std::vector<Clause>;

// clauses: in profile order, all for the call `name`. Throws Error{Spec} for clauses that contradict each other.
Decision settle(std::vector<Clause> clauses, WordSize words, std::string_view name);

}  // namespace caisson::security
