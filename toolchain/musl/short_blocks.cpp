// The C library's names for short_blocks.hpp; the linker takes these instead of libc.a's.
#ifdef __x86_64__

#include "short_blocks.hpp"

extern "C" {

void* memcpy(void* __restrict to, const void* __restrict from, std::size_t size) {
  caisson::memory::copy(static_cast<unsigned char*>(to), static_cast<const unsigned char*>(from), size);
  return to;
}

void* memmove(void* to, const void* from, std::size_t size) {
  caisson::memory::move(static_cast<unsigned char*>(to), static_cast<const unsigned char*>(from), size);
  return to;
}

int memcmp(const void* left, const void* right, std::size_t size) {
  return caisson::memory::compare(static_cast<const unsigned char*>(left), static_cast<const unsigned char*>(right), size);
}

}  // extern "C"

#endif
