// Bytes from a process beside this one, through memory that both have. The writer is not trusted: what the reader takes is
// copied out before it is looked at, and the writer's counters are checked.
#pragma once

#include <functional>
#include <span>

#include "base/error.hpp"
#include "image/outlet.hpp"
#include "launch/beside.hpp"
#include "sys/shared_memory.hpp"
#include "sys/shared_page.hpp"

namespace caisson::image {

class Ring {
 public:
  Ring();

  // In the process that writes: runs make(), which fills the outlet, and says how it ended.
  void write(const std::function<void(Outlet&)>& make) noexcept;
  // In the process that reads: waits for something unless the end is reached. 0: the end. Throws what make() threw.
  std::size_t read(std::span<char> into, launch::Beside& writer);

  // How much the writer has read of what it makes this of: for people only, since nobody checks it.
  void say_consumed(std::uint64_t bytes) const noexcept;
  std::uint64_t consumed() const noexcept;

 private:
  class End;  // of the writer
  // Words of the page that both have.
  enum Word : std::size_t {
    kWritten,
    kRead,
    kNews,
    kFreed,
    kReaderWaits,
    kWriterWaits,
    kState,
    kErrorKind,
    kText,
    kHint,
    kConsumed
  };
  std::atomic<std::uint32_t>& word(Word which) const noexcept { return page_.word(which); }
  std::uint32_t available(launch::Beside& writer) const;  // 0: the end
  void say_failure(const Error& error) const noexcept;
  [[noreturn]] void throw_failure() const;
  void tell(Word event, Word waiter) const noexcept;

  sys::RingMemory memory_;
  sys::SharedPage page_;
  std::uint32_t read_ = 0;  // the reader's own count: the page is the writer's, too
};

}  // namespace caisson::image
