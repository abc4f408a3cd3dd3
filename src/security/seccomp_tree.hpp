// What the compiled filter answers, as intervals of 32-bit numbers with one outcome each, and the BPF of such a list: a
// balanced tree of comparisons. Used for call numbers, and for the argument values of rules that are alternatives on one
// argument.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "security/bpf_assembler.hpp"
#include "security/seccomp_architecture.hpp"
#include "security/seccomp_clauses.hpp"

namespace caisson::security {

// Outcomes are small indices whose meaning the owner of the list knows.
struct Interval {
  std::uint32_t first = 0;  // up to the first of the next interval, the last one up to the largest number
  std::uint32_t outcome = 0;
};

class IntervalList {
 public:
  // Firsts must ascend; a later outcome for the same first replaces, and neighbours with one outcome merge.
  void append(std::uint32_t first, std::uint32_t outcome);
  std::span<const Interval> all() const noexcept { return intervals_; }

 private:
  std::vector<Interval> intervals_;
};

// The tested word must be in the accumulator when the returned label is reached. place gives the code of an outcome, once each
// time it is needed, so that it can be repeated where a jump would be long.
BpfAssembler::Label place_tree(BpfAssembler& program, std::span<const Interval> intervals,
                               const std::function<BpfAssembler::Label(std::uint32_t outcome)>& place);

// Where the halves of an argument are in seccomp_data depends on the byte order of the machine that runs the filter.
struct WordLayout {
  WordSize words;
  ByteOrder order;
};

// The code of a decision: loads arguments as needed.
BpfAssembler::Label place_decision(BpfAssembler& program, const Decision& decision, std::uint32_t otherwise, WordLayout layout);

}  // namespace caisson::security
