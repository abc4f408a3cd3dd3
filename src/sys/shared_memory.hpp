// Memory that a process shares with the children that it clones afterwards, and waiting for each other in it.
// man 2 memfd_create, mmap (MAP_SHARED), futex.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "sys/result.hpp"

namespace caisson::sys {

// The same memory twice, one copy right behind the other: what goes around its end is in one piece.
class RingMemory {
 public:
  RingMemory() = default;
  static SysResult<RingMemory> make(std::size_t size) noexcept;  // size: a multiple of the page
  RingMemory(RingMemory&& other) noexcept : begin_(std::exchange(other.begin_, nullptr)), size_(other.size_) {}
  RingMemory& operator=(RingMemory&& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(size_, other.size_);
    return *this;
  }
  RingMemory(const RingMemory&) = delete;
  RingMemory& operator=(const RingMemory&) = delete;
  ~RingMemory();

  char* begin() const noexcept { return begin_; }
  std::size_t size() const noexcept { return size_; }  // of one copy

 private:
  char* begin_ = nullptr;
  std::size_t size_ = 0;
};

// Until the word is no longer `seen`, somebody wakes, a signal came, or the time is over: look again after any of these.
void wait_for_change(const std::atomic<std::uint32_t>& word, std::uint32_t seen, unsigned most_ms) noexcept;
void wake_waiting(const std::atomic<std::uint32_t>& word) noexcept;

}  // namespace caisson::sys
