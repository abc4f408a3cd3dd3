// Runs a classic BPF program over a seccomp_data as the kernel would, and checks on the way what the kernel checks when it
// loads one: known instructions, aligned loads inside seccomp_data, forward jumps that stay inside, a return at the end.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

namespace caisson::security::test {

struct Run {
  std::uint32_t answer = 0;
  bool looked_at_arguments = false;
  unsigned steps = 0;
};

// seccomp_data as words in the byte order that the program expects.
struct CallWords {
  std::uint32_t words[sizeof(seccomp_data) / 4] = {};
};

enum class WordOrder : std::uint8_t { LowFirst, HighFirst };

inline CallWords call_words(std::uint32_t number, std::uint32_t arch, const std::uint64_t (&args)[6], WordOrder order) {
  CallWords call;
  call.words[0] = number;
  call.words[1] = arch;
  for (unsigned i = 0; i < 6; ++i) {
    const auto low = static_cast<std::uint32_t>(args[i]), high = static_cast<std::uint32_t>(args[i] >> 32);
    call.words[4 + 2 * i] = order == WordOrder::LowFirst ? low : high;
    call.words[5 + 2 * i] = order == WordOrder::LowFirst ? high : low;
  }
  return call;
}

inline Run interpret(std::span<const sock_filter> program, const CallWords& call) {
  Run run;
  std::uint32_t a = 0;
  for (std::size_t pc = 0;;) {
    if (pc >= program.size()) throw std::runtime_error("ran past the end of the program");
    const sock_filter& instruction = program[pc++];
    ++run.steps;
    bool taken = false;
    switch (instruction.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        if (instruction.k % 4 != 0 || instruction.k >= sizeof(seccomp_data))
          throw std::runtime_error("load outside seccomp_data");
        a = call.words[instruction.k / 4];
        run.looked_at_arguments |= instruction.k >= offsetof(seccomp_data, args);
        continue;
      case BPF_ALU | BPF_AND | BPF_K:
        a &= instruction.k;
        continue;
      case BPF_RET | BPF_K:
        run.answer = instruction.k;
        return run;
      case BPF_JMP | BPF_JA:
        pc += instruction.k;
        continue;
      case BPF_JMP | BPF_JEQ | BPF_K:
        taken = a == instruction.k;
        break;
      case BPF_JMP | BPF_JGT | BPF_K:
        taken = a > instruction.k;
        break;
      case BPF_JMP | BPF_JGE | BPF_K:
        taken = a >= instruction.k;
        break;
      case BPF_JMP | BPF_JSET | BPF_K:
        taken = (a & instruction.k) != 0;
        break;
      default:
        throw std::runtime_error("an instruction that seccomp does not take");
    }
    pc += taken ? instruction.jt : instruction.jf;
  }
}

}  // namespace caisson::security::test
