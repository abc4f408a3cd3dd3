// One page that a process shares with the children it clones afterwards: the last step that a child announced, readable even
// when the child was killed. man 2 mmap, MAP_SHARED|MAP_ANONYMOUS.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <utility>

#include "sys/result.hpp"

namespace caisson::sys {

class SharedPage {
 public:
  SharedPage() = default;
  static SysResult<SharedPage> make() noexcept;
  SharedPage(SharedPage&& other) noexcept : words_(std::exchange(other.words_, nullptr)) {}
  SharedPage& operator=(SharedPage&& other) noexcept {
    std::swap(words_, other.words_);
    return *this;
  }
  SharedPage(const SharedPage&) = delete;
  SharedPage& operator=(const SharedPage&) = delete;
  ~SharedPage();

  static constexpr std::size_t kSize = 4096;
  std::atomic<std::uint32_t>& word(std::size_t index) const noexcept { return words_[index]; }
  // The bytes from there on, for text.
  std::span<char> bytes(std::size_t from) const noexcept { return {reinterpret_cast<char*>(words_) + from, kSize - from}; }

 private:
  std::atomic<std::uint32_t>* words_ = nullptr;
};

}  // namespace caisson::sys
