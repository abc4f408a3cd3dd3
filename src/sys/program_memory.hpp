// The heap of the shipped programs, for a child that shares it: toolchain/musl/program_memory.cpp. Builds with another C
// library have neither.
#pragma once

#include <cstddef>

namespace caisson::memory {

struct Chunk {
  char* begin = nullptr;  // null: none
  std::size_t size = 0;
};

// Takes the end of the caller's chunk away from it, for a child that is going to share its memory. None when too little is
// left.
Chunk split_off(std::size_t size) noexcept;
// For the first instructions of that child, which has a thread block of its own: it hands out from this chunk, then from others
// of its own; what it gives back of its parent's blocks stays where it is.
void begin_with(Chunk chunk) noexcept;

}  // namespace caisson::memory
