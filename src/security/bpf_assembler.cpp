#include "security/bpf_assembler.hpp"

#include <algorithm>

namespace caisson::security {

namespace {
constexpr std::size_t kReach = 255;
}

BpfAssembler::Label BpfAssembler::emit(std::uint32_t code, std::uint32_t constant, std::size_t yes, std::size_t no) {
  reversed_.push_back(
      sock_filter{static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(yes), static_cast<std::uint8_t>(no), constant});
  return reversed_.size() - 1;
}

BpfAssembler::Label BpfAssembler::answer(std::uint32_t value) {
  const auto known = std::find_if(answers_.begin(), answers_.end(), [&](const auto& pair) { return pair.first == value; });
  if (known != answers_.end()) return known->second;
  answers_.emplace_back(value, emit(BPF_RET | BPF_K, value));
  return answers_.back().second;
}

BpfAssembler::Label BpfAssembler::within_reach(Label target, std::size_t ahead) {
  const auto reaches = [&](Label label) { return reversed_.size() + ahead - label - 1 <= kReach; };
  if (reaches(target)) return target;
  if (reversed_[target].code != (BPF_RET | BPF_K))
    return emit(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(reversed_.size() - target - 1));
  const std::uint32_t value = reversed_[target].k;
  const auto known = std::find_if(answers_.begin(), answers_.end(), [&](const auto& pair) { return pair.first == value; });
  if (!reaches(known->second)) known->second = emit(BPF_RET | BPF_K, value);
  return known->second;
}

BpfAssembler::Label BpfAssembler::load(std::uint32_t offset, std::uint32_t mask, Label next) {
  if (next + 1 != reversed_.size()) next = emit(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(reversed_.size() - next - 1));
  if (mask != 0xffffffff) emit(BPF_ALU | BPF_AND | BPF_K, mask);
  return emit(BPF_LD | BPF_W | BPF_ABS, offset);
}

BpfAssembler::Label BpfAssembler::branch(Test test, std::uint32_t constant, Label yes, Label no) {
  yes = within_reach(yes, 1);  // a bridge for `no` may come between
  no = within_reach(no, 0);
  return emit(BPF_JMP | static_cast<std::uint32_t>(test) | BPF_K, constant, reversed_.size() - yes - 1,
              reversed_.size() - no - 1);
}

std::vector<sock_filter> BpfAssembler::finish() && {
  std::reverse(reversed_.begin(), reversed_.end());
  return std::move(reversed_);
}

}  // namespace caisson::security
