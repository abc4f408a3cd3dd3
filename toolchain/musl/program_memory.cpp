// The heap for programs that live a few milliseconds: memory is handed out in order and given back by the end of the process.
// musl's allocator maps and unmaps pages as a small program's strings come and go; each costs a system call and a page fault,
// together a tenth of a container start (docs/adr/0002-musl.md). The first pages are mapped at once. Only the block that was
// handed out last can be taken back, which is what temporary strings need. Each thread block has chunks of its own, so that a
// child that shares the memory of its parent (src/sys/shared_memory_clone.hpp) needs no lock.
#include "sys/program_memory.hpp"

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

constexpr std::size_t kAlignment = alignof(std::max_align_t);
constexpr std::size_t kFirstChunk = std::size_t{48} << 10;  // what a start takes, with what it gives to its child
constexpr std::size_t kChunk = std::size_t{512} << 10;

thread_local char* next = nullptr;
thread_local char* limit = nullptr;
thread_local char* last = nullptr;

bool map_chunk(std::size_t size, int populate) {
  void* chunk = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | populate, -1, 0);
  if (chunk == MAP_FAILED) return false;
  next = static_cast<char*>(chunk);
  limit = next + size;
  return true;
}

bool add_chunk(std::size_t wanted) {
  if (next == nullptr && wanted <= kFirstChunk) return map_chunk(kFirstChunk, MAP_POPULATE);
  return map_chunk(wanted > kChunk ? wanted : kChunk, 0);
}

void* allocate(std::size_t size) noexcept {
  if (size > PTRDIFF_MAX) return nullptr;
  size = (size + kAlignment - 1) & ~(kAlignment - 1);
  if (size == 0) size = kAlignment;
  if (static_cast<std::size_t>(limit - next) < size && !add_chunk(size)) return nullptr;
  last = next;
  next += size;
  return last;
}

void release(void* block) noexcept {
  if (block == nullptr || block != last) return;
  next = last;
  last = nullptr;
}

// What realloc has to know about a block of malloc.
struct alignas(kAlignment) Sized {
  std::size_t size;
};

}  // namespace

namespace caisson::memory {

Chunk split_off(std::size_t size) noexcept {
  if (static_cast<std::size_t>(limit - next) < size) return {};
  limit -= size;
  return {limit, size};
}

void begin_with(Chunk chunk) noexcept {
  last = nullptr;
  next = chunk.begin;
  limit = chunk.begin == nullptr ? nullptr : chunk.begin + chunk.size;
}

}  // namespace caisson::memory

void* operator new(std::size_t size) {
  void* block = allocate(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept { release(block); }
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete(void* block, std::size_t) noexcept { ::operator delete(block); }
void operator delete[](void* block) noexcept { ::operator delete(block); }
void operator delete[](void* block, std::size_t) noexcept { ::operator delete(block); }

extern "C" {

void* malloc(std::size_t size) {
  if (size > PTRDIFF_MAX - sizeof(Sized)) return nullptr;
  auto* head = static_cast<Sized*>(allocate(sizeof(Sized) + size));
  if (head == nullptr) return nullptr;
  head->size = size;
  return head + 1;
}
void free(void* block) {
  if (block != nullptr) release(static_cast<Sized*>(block) - 1);
}
void* calloc(std::size_t count, std::size_t size) {
  std::size_t whole = 0;
  if (__builtin_mul_overflow(count, size, &whole)) return nullptr;
  void* block = malloc(whole);
  if (block != nullptr) std::memset(block, 0, whole);
  return block;
}
void* realloc(void* block, std::size_t size) {
  void* larger = malloc(size);
  if (larger == nullptr || block == nullptr) return larger;
  const std::size_t had = (static_cast<Sized*>(block) - 1)->size;
  std::memcpy(larger, block, had < size ? had : size);
  return larger;
}

}  // extern "C"
