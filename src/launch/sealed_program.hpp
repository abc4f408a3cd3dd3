// The freestanding programs as the kernel executes them: an embedded ELF file with its block of orders as the last segment, in
// a memfd that nobody can change any more: sealed, and of mode 0111, so that the kernel leaves a process that executes it
// without CAP_DAC_OVERRIDE non-dumpable from its first instruction on (man 2 prctl, PR_SET_DUMPABLE).
#pragma once

#include <string>
#include <string_view>

#include "sys/fd.hpp"

namespace caisson::launch {

// The last loadable segment is the block's (trampoline/layout.ld).
std::string with_block(std::string_view elf, std::string_view block);
sys::UniqueFd seal_program(std::string_view image);

}  // namespace caisson::launch
