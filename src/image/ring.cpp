#include "image/ring.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"

namespace caisson::image {
namespace {

constexpr std::uint32_t kRingSize = std::uint32_t{4} << 20;
constexpr std::uint32_t kMostAtOnce = std::uint32_t{128} << 10;
constexpr std::uint32_t kUsable = kRingSize - Outlet::kHistory - Outlet::kLeastRoom;
// Who found it full waits until this much is free, so that the two do not wake each other for every piece.
constexpr std::uint32_t kWorthWaking = kRingSize / 4;
constexpr unsigned kLookAgain = 200;  // milliseconds: whether the other one is still there
constexpr std::uint64_t kConsumedUnit = 4096;
constexpr std::size_t kTextAt = 256, kHintAt = 3072;

enum State : std::uint32_t { kRunning, kDone, kFailed };

}  // namespace

Ring::Ring()
    : memory_(sys::RingMemory::make(kRingSize).or_throw("get memory to share")),
      page_(sys::SharedPage::make().or_throw("get memory to share")) {}

void Ring::tell(Word event, Word waiter) const noexcept {
  word(event).fetch_add(1);
  if (word(waiter).load() != 0) sys::wake_waiting(word(event));
}

class Ring::End final : public Outlet {
 public:
  explicit End(const Ring& ring) : ring_(ring) {}

  Room room() override {
    std::uint32_t free = kUsable - (written_ - ring_.word(kRead).load());
    for (bool full = free < kLeastRoom; full && free < kWorthWaking; free = kUsable - (written_ - ring_.word(kRead).load())) {
      const std::uint32_t seen = ring_.word(kFreed).load();
      ring_.word(kWriterWaits).store(1);
      if (kUsable - (written_ - ring_.word(kRead).load()) < kWorthWaking)
        sys::wait_for_change(ring_.word(kFreed), seen, kLookAgain);
      ring_.word(kWriterWaits).store(0);
    }
    // In the second copy, so that there is something in front of it.
    return {ring_.memory_.begin() + kRingSize + written_ % kRingSize - (written_ % kRingSize >= kRingSize / 2 ? kRingSize : 0),
            std::min(free, kMostAtOnce)};
  }
  void wrote(std::size_t count) override {
    written_ += static_cast<std::uint32_t>(count);
    ring_.word(kWritten).store(written_);
    ring_.tell(kNews, kReaderWaits);
  }

 private:
  const Ring& ring_;
  std::uint32_t written_ = 0;
};

void Ring::write(const std::function<void(Outlet&)>& make) noexcept {
  std::uint32_t state = kDone;
  try {
    End end(*this);
    make(end);
  } catch (const Error& error) {
    say_failure(error);
    state = kFailed;
  }
  word(kState).store(state);
  tell(kNews, kReaderWaits);
}

void Ring::say_consumed(std::uint64_t bytes) const noexcept {
  word(kConsumed).store(static_cast<std::uint32_t>((bytes + kConsumedUnit - 1) / kConsumedUnit), std::memory_order_relaxed);
}

std::uint64_t Ring::consumed() const noexcept { return word(kConsumed).load(std::memory_order_relaxed) * kConsumedUnit; }

void Ring::say_failure(const Error& error) const noexcept {
  const std::span<char> text = page_.bytes(kTextAt).first(kHintAt - kTextAt), hint = page_.bytes(kHintAt);
  const std::size_t text_size = std::min(error.message().size(), text.size()),
                    hint_size = std::min(error.hint().size(), hint.size());
  std::memcpy(text.data(), error.message().data(), text_size);
  std::memcpy(hint.data(), error.hint().data(), hint_size);
  word(kText).store(static_cast<std::uint32_t>(text_size));
  word(kHint).store(static_cast<std::uint32_t>(hint_size));
  word(kErrorKind).store(static_cast<std::uint32_t>(error.kind()));
}

void Ring::throw_failure() const {
  const std::span<char> text = page_.bytes(kTextAt).first(kHintAt - kTextAt), hint = page_.bytes(kHintAt);
  const auto part = [](std::span<char> from, std::uint32_t size) {
    return std::string(from.data(), std::min<std::size_t>(size, from.size()));
  };
  const auto kind = word(kErrorKind).load() == static_cast<std::uint32_t>(ErrorKind::Spec) ? ErrorKind::Spec : ErrorKind::Host;
  Error error(kind, part(text, word(kText).load()));
  if (std::string words = part(hint, word(kHint).load()); !words.empty()) error.with_hint(std::move(words));
  throw error;
}

std::uint32_t Ring::available(launch::Beside& writer) const {
  for (;;) {
    const std::uint32_t seen = word(kNews).load();
    // In this order: what was written before the end was said is seen.
    const std::uint32_t state = word(kState).load();
    const std::uint32_t count = word(kWritten).load() - read_;
    if (count > kRingSize) throw Error(ErrorKind::Host, "the process that decompresses says what cannot be");
    if (count > 0) return count;
    if (state == kFailed) throw_failure();
    if (state != kRunning) return 0;
    word(kReaderWaits).store(1);
    if (word(kNews).load() == seen) sys::wait_for_change(word(kNews), seen, kLookAgain);
    word(kReaderWaits).store(0);
    if (word(kNews).load() == seen && word(kState).load() == kRunning && writer.has_ended())
      throw Error(ErrorKind::Host, text::join("the process that decompresses ", writer.end_in_words()));
  }
}

std::size_t Ring::read(std::span<char> into, launch::Beside& writer) {
  const std::uint32_t count = static_cast<std::uint32_t>(std::min<std::size_t>(into.size(), available(writer)));
  if (count == 0) return 0;
  std::memcpy(into.data(), memory_.begin() + read_ % kRingSize, count);
  read_ += count;
  word(kRead).store(read_);
  if (kUsable - (word(kWritten).load() - read_) >= kWorthWaking) tell(kFreed, kWriterWaits);
  return count;
}

}  // namespace caisson::image
