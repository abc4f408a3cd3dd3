// operator new for programs that live a few milliseconds: memory is handed out in order and given back by the end of the
// process. musl's allocator maps and unmaps pages as a small program's strings come and go; each costs a system call and a page
// fault, together a tenth of a container start (docs/adr/0002-musl.md). The first pages are mapped at once. Only the block
// that was handed out last can be taken back, which is what temporary strings need.
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace {

constexpr std::size_t kAlignment = alignof(std::max_align_t);
constexpr std::size_t kFirstChunk = std::size_t{160} << 10;
constexpr std::size_t kChunk = std::size_t{512} << 10;

char* next = nullptr;
char* limit = nullptr;
char* last = nullptr;

bool add_chunk(std::size_t wanted) {
  const std::size_t size = wanted > kChunk ? wanted : next == nullptr ? kFirstChunk : kChunk;
  const int populate = next == nullptr ? MAP_POPULATE : 0;
  void* chunk = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | populate, -1, 0);
  if (chunk == MAP_FAILED) return false;
  next = static_cast<char*>(chunk);
  limit = next + size;
  return true;
}

}  // namespace

void* operator new(std::size_t size) {
  if (size > PTRDIFF_MAX) throw std::bad_alloc();
  size = (size + kAlignment - 1) & ~(kAlignment - 1);
  if (size == 0) size = kAlignment;
  if (static_cast<std::size_t>(limit - next) < size && !add_chunk(size)) throw std::bad_alloc();
  last = next;
  next += size;
  return last;
}

void operator delete(void* block) noexcept {
  if (block == nullptr || block != last) return;
  next = last;
  last = nullptr;
}

void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete(void* block, std::size_t) noexcept { ::operator delete(block); }
void operator delete[](void* block) noexcept { ::operator delete(block); }
void operator delete[](void* block, std::size_t) noexcept { ::operator delete(block); }
