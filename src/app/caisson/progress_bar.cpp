#include "app/caisson/progress_bar.hpp"

#include <algorithm>

#include "app/caisson/image_store.hpp"
#include "app/report.hpp"
#include "base/text.hpp"
#include "sys/process.hpp"
#include "sys/terminal.hpp"

namespace caisson::app::human {
namespace {

constexpr sys::BorrowedFd kTerminal{2};
constexpr std::uint64_t kPauseNs = 100'000'000;
constexpr std::size_t kWidestBar = 40, kNarrowestBar = 5, kUsualColumns = 80;

// So that what stands before it stays where it is.
std::string right(const std::string& word, std::size_t width) {
  return text::join(std::string(width - std::min(word.size(), width), ' '), word);
}

std::size_t columns_of_terminal() {
  const auto size = sys::window_size(kTerminal);
  return size.ok() && size.value().columns > 0 ? size.value().columns : kUsualColumns;
}

}  // namespace

std::string progress_line(std::string_view doing, std::uint64_t done, std::uint64_t total, std::size_t columns) {
  const std::size_t room = std::max(columns, std::size_t{2}) - 1;  // in the last column some terminals begin a new line
  if (total == 0) return text::join(doing, "  ", size_text(done)).substr(0, room);
  done = std::min(done, total);
  const std::uint64_t percent = total >= 100 ? std::min<std::uint64_t>(done / (total / 100), 100) : done * 100 / total;
  const std::string numbers =
      text::join(right(std::to_string(percent), 3), " %  ", right(size_text(done), 8), " of ", size_text(total));
  const std::size_t others = doing.size() + numbers.size() + 4;
  if (others + kNarrowestBar > room) return text::join(doing, " ", numbers).substr(0, room);
  const std::size_t bar = std::min(room - others, kWidestBar), full = bar * percent / 100;
  return text::join(doing, " [", std::string(full, '#'), std::string(bar - full, ' '), "] ", numbers);
}

ProgressBar::ProgressBar() : watched_(sys::is_terminal(kTerminal)) {}

ProgressBar::~ProgressBar() {
  if (shown_ > 0) print_error(text::join('\r', std::string(shown_, ' '), '\r'));
}

void ProgressBar::begin(std::string_view doing, std::uint64_t total) {
  doing_ = doing;
  total_ = total;
  next_ns_ = 0;
}

void ProgressBar::reached(std::uint64_t bytes) {
  if (!watched_) return;
  const std::uint64_t now = sys::monotonic_ns();
  if (now < next_ns_ && (total_ == 0 || bytes < total_)) return;
  next_ns_ = now + kPauseNs;
  show(bytes);
}

void ProgressBar::show(std::uint64_t bytes) {
  std::string line = progress_line(doing_, bytes, total_, columns_of_terminal());
  const std::size_t length = line.size();
  if (length < shown_) line.append(shown_ - length, ' ');
  shown_ = length;
  print_error(text::join('\r', line));
}

}  // namespace caisson::app::human
