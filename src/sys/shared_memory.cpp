#include "sys/shared_memory.hpp"

#include <errno.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include <climits>

#include "sys/call.hpp"
#include "sys/file.hpp"

namespace caisson::sys {
namespace {

bool is_error(long address) noexcept { return address < 0 && address > -4096; }

}  // namespace

SysResult<RingMemory> RingMemory::make(std::size_t size) noexcept {
  auto file = make_memfd("ring", 1 /* MFD_CLOEXEC */);
  if (!file.ok()) return SysResult<RingMemory>::failed(file.err());
  if (const auto sized = cut_file(file.value().borrow(), size); !sized.ok()) return SysResult<RingMemory>::failed(sized.err());
  const long both = call(SYS_mmap, 0, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (is_error(both)) return SysResult<RingMemory>::failed(static_cast<int>(-both));
  RingMemory ring;
  ring.begin_ = reinterpret_cast<char*>(both);
  ring.size_ = size;
  for (const std::size_t at : {std::size_t{0}, size}) {
    const long half =
        call(SYS_mmap, ring.begin_ + at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file.value().get(), 0);
    if (is_error(half)) return SysResult<RingMemory>::failed(static_cast<int>(-half));
  }
  return ring;
}

RingMemory::~RingMemory() {
  if (begin_ != nullptr) raw_syscall(SYS_munmap, as_word(begin_), static_cast<long>(2 * size_));
}

void wait_for_change(const std::atomic<std::uint32_t>& word, std::uint32_t seen, unsigned most_ms) noexcept {
  const timespec time{static_cast<time_t>(most_ms / 1000), static_cast<long>(most_ms % 1000) * 1'000'000};
  static_cast<void>(call(SYS_futex, &word, FUTEX_WAIT, seen, &time, 0, 0));
}

void wake_waiting(const std::atomic<std::uint32_t>& word) noexcept {
  static_cast<void>(call(SYS_futex, &word, FUTEX_WAKE, INT_MAX, 0, 0, 0));
}

}  // namespace caisson::sys
