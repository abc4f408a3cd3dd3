// The freestanding programs as the kernel executes them: an embedded ELF file with its block of orders at the end, in
// a memfd that nobody can change any more: sealed, and of mode 0111, so that the kernel leaves a process that executes it
// without CAP_DAC_OVERRIDE non-dumpable from its first instruction on (man 2 prctl, PR_SET_DUMPABLE).
#pragma once

#include <string>
#include <string_view>

#include "sys/fd.hpp"

namespace caisson::launch {

// The parts of the file in their order: only what differs from start to start is made anew.
struct ProgramImage {
  std::string headers;    // with the size of the block
  std::string_view code;  // of the embedded program
  std::string block;
  std::string whole() const { return headers + std::string(code) + block; }
};

// The block is the end of the only segment (trampoline/layout.ld).
ProgramImage with_block(std::string_view elf, std::string block);
sys::UniqueFd seal_program(const ProgramImage& image);

}  // namespace caisson::launch
