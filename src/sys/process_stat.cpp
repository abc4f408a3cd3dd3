#include "sys/process_stat.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace caisson::sys {
namespace {

// The numbers of the fields in man 5 proc.
constexpr int kRunState = 3, kParent = 4, kFlags = 9, kFirstTicks = 14, kLastTicks = 17, kThreads = 20, kStartTime = 22;

void take(ProcessStat& stat, int field, std::string_view word) noexcept {
  const auto number = [word] { return text::parse_number<std::uint64_t>(word).value_or(0); };
  if (field == kRunState) stat.run_state = word.size() == 1 ? word[0] : '?';
  if (field == kParent) stat.parent = text::parse_number<pid_t>(word).value_or(0);
  if (field == kFlags) stat.flags = number();
  if (field >= kFirstTicks && field <= kLastTicks) stat.ticks += number();
  if (field == kThreads) stat.threads = number();
  if (field == kStartTime) stat.start_time = number();
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view stat) noexcept {
  // The name may hold blanks and parentheses; what follows it holds neither.
  const std::size_t close = stat.rfind(')');
  if (close == std::string_view::npos) return std::nullopt;
  ProcessStat found;
  std::string_view rest = stat.substr(std::min(close + 2, stat.size()));
  for (int field = kRunState; field <= kStartTime; ++field) {
    const std::size_t space = rest.find(' ');
    if (space == std::string_view::npos) return std::nullopt;  // cut off: the number may be, too
    take(found, field, rest.substr(0, space));
    rest.remove_prefix(space + 1);
  }
  return found;
}

}  // namespace caisson::sys
