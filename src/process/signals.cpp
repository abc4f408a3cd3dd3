#include "process/signals.hpp"

#include <signal.h>

#include <array>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/signal_queue.hpp"

namespace caisson::process {
namespace {

struct SignalName {
  std::string_view name;
  int number;
};
// The first name of a number is the one that is shown. Numbers of x86 and ARM (man 7 signal).
constexpr std::array kSignalNames{
    SignalName{"HUP", 1},
    SignalName{"INT", 2},
    SignalName{"QUIT", 3},
    SignalName{"ILL", 4},
    SignalName{"TRAP", 5},
    SignalName{"ABRT", 6},
    SignalName{"BUS", 7},
    SignalName{"FPE", 8},
    SignalName{"KILL", 9},
    SignalName{"USR1", 10},
    SignalName{"SEGV", 11},
    SignalName{"USR2", 12},
    SignalName{"PIPE", 13},
    SignalName{"ALRM", 14},
    SignalName{"TERM", 15},
    SignalName{"STKFLT", 16},
    SignalName{"CHLD", 17},
    SignalName{"CONT", 18},
    SignalName{"STOP", 19},
    SignalName{"TSTP", 20},
    SignalName{"TTIN", 21},
    SignalName{"TTOU", 22},
    SignalName{"URG", 23},
    SignalName{"XCPU", 24},
    SignalName{"XFSZ", 25},
    SignalName{"VTALRM", 26},
    SignalName{"PROF", 27},
    SignalName{"WINCH", 28},
    SignalName{"IO", 29},
    SignalName{"PWR", 30},
    SignalName{"SYS", 31},
    SignalName{"IOT", 6},
    SignalName{"CLD", 17},
    SignalName{"POLL", 29},
    SignalName{"RTMIN", kFirstRealtimeSignal},
    SignalName{"RTMAX", kLastSignal},
};

// "RTMIN+3", "RTMAX-1": the text after the name, with its sign.
std::optional<int> realtime_number(std::string_view name) {
  if (name.size() < 7) return std::nullopt;
  const std::string_view end = name.substr(0, 5);
  const char sign = end == "RTMIN" ? '+' : '-';
  if ((end != "RTMIN" && end != "RTMAX") || name[5] != sign) return std::nullopt;
  const auto distance = text::parse_number<unsigned>(name.substr(6));
  if (!distance || *distance > static_cast<unsigned>(kLastSignal - kFirstRealtimeSignal)) return std::nullopt;
  return sign == '+' ? kFirstRealtimeSignal + static_cast<int>(*distance) : kLastSignal - static_cast<int>(*distance);
}

std::optional<int> find_signal(std::string_view text) {
  if (const auto number = text::parse_number<unsigned>(text))
    return *number <= static_cast<unsigned>(kLastSignal) ? std::optional(static_cast<int>(*number)) : std::nullopt;
  const std::string upper = text::upper_case(text);
  std::string_view name(upper);
  if (name.starts_with("SIG")) name.remove_prefix(3);
  for (const SignalName& known : kSignalNames)
    if (known.name == name) return known.number;
  return realtime_number(name);
}

}  // namespace

int parse_signal(std::string_view text) {
  if (const auto number = find_signal(text)) return *number;
  throw Error(ErrorKind::Usage, text::join("invalid signal ", text::quoted(text)))
      .with_hint("use a name as in KILL or SIGTERM, a number up to 64, or RTMIN+1 to RTMAX");
}

std::string signal_name(int number) {
  for (const SignalName& known : kSignalNames)
    if (known.number == number) return text::join("SIG", known.name);
  if (number > kFirstRealtimeSignal && number < kLastSignal) return text::join("SIGRTMIN+", number - kFirstRealtimeSignal);
  return text::join(number);
}

std::string end_in_words(const sys::ExitStatus& ended) {
  return ended.signalled ? "was killed by " + signal_name(ended.value) : text::join("ended with status ", ended.value);
}

sys::SysStatus die_of(int signal) noexcept {
  if (signal != SIGKILL)
    if (const auto reset = sys::default_action(signal); !reset.ok()) return reset;
  std::uint64_t mask = 0;
  if (const auto read = sys::block_signals(0, &mask); !read.ok()) return read;
  if (const auto set = sys::set_signal_mask(mask & ~sys::signal_bit(signal)); !set.ok()) return set;
  return sys::send_signal_to_pid(sys::process_id(), signal);
}

}  // namespace caisson::process
