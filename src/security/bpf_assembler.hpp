// Assembles a classic BPF program from its last instruction to its first. Jumps go forward only, so every target is already
// placed when the jump to it is: no fix-ups, and a target out of reach (255 instructions) gets a bridge right there.
#pragma once

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace caisson::security {

class BpfAssembler {
 public:
  using Label = std::size_t;  // of an instruction, counted from the end of the program
  enum class Test : std::uint16_t { Equal = BPF_JEQ, Greater = BPF_JGT, GreaterOrEqual = BPF_JGE };

  Label answer(std::uint32_t value);  // ret; equal answers share one instruction while in reach
  // Loads a 32-bit word of seccomp_data, keeps the bits of mask, goes on at next.
  Label load(std::uint32_t offset, std::uint32_t mask, Label next);
  Label branch(Test test, std::uint32_t constant, Label yes, Label no);
  std::size_t size() const noexcept { return reversed_.size(); }
  std::vector<sock_filter> finish() &&;

 private:
  Label emit(std::uint32_t code, std::uint32_t constant, std::size_t yes = 0, std::size_t no = 0);
  // target, or a bridge to it, such that an instruction placed after `ahead` more ones reaches it.
  Label within_reach(Label target, std::size_t ahead);

  std::vector<sock_filter> reversed_;
  std::vector<std::pair<std::uint32_t, Label>> answers_;  // the latest place of each
};

}  // namespace caisson::security
