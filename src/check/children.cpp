#include "check/children.hpp"

#include <cerrno>

#include "base/error.hpp"

namespace caisson::check {
namespace {

constexpr std::uint32_t kUntouched = 0, kBegun = 1, kFirstErrno = 2;  // a fresh page is zero
constexpr int kUnknownErrno = EIO;

int errno_of(const std::function<int()>& body) noexcept {
  try {
    return body();
  } catch (const Error& error) {
    return error.errno_value() == 0 ? kUnknownErrno : error.errno_value();
  } catch (const std::exception&) {
    return kUnknownErrno;
  }
}

}  // namespace

Attempt in_child(const std::function<int()>& body, std::uint64_t flags) {
  const sys::SharedPage result = sys::SharedPage::make().or_throw("share a page with a child");
  const auto child = sys::clone_the_old_way(flags);
  if (!child.ok()) return {.error = child.err(), .signal = 0};
  if (child.value().pid == 0) {
    result.word(0).store(static_cast<std::uint32_t>(errno_of(body)));
    sys::exit_now(0);
  }
  const auto end = sys::wait_for(child.value().process).or_throw("wait for a child that tries something");
  return {.error = static_cast<int>(result.word(0).load()), .signal = end.signalled ? end.value : 0};
}

SharedAttempts::SharedAttempts() : page_(sys::SharedPage::make().or_throw("share a page with a child")) {}

bool SharedAttempts::record(Trial trial, const std::function<int()>& body) const {
  std::atomic<std::uint32_t>& word = page_.word(static_cast<std::size_t>(trial));
  word.store(kBegun);
  word.store(kFirstErrno + static_cast<std::uint32_t>(errno_of(body)));
  return works(trial);
}

bool SharedAttempts::works(Trial trial) const noexcept {
  return page_.word(static_cast<std::size_t>(trial)).load() == kFirstErrno;
}

Attempts SharedAttempts::read(int signal) const noexcept {
  Attempts attempts;
  for (std::size_t at = 0; at < kTrialCount; ++at) {
    const std::uint32_t word = page_.word(at).load();
    if (word == kBegun) attempts.all[at] = {.error = 0, .signal = signal};
    if (word >= kFirstErrno) attempts.all[at] = {.error = static_cast<int>(word - kFirstErrno), .signal = 0};
  }
  static_assert(kUntouched == 0);
  return attempts;
}

}  // namespace caisson::check
