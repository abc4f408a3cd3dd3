#include "app/report.hpp"

#include <fcntl.h>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::app {

namespace {

constexpr sys::BorrowedFd kStandardOutput{1};
constexpr sys::BorrowedFd kStandardError{2};

bool append_line(const std::string& path, std::string_view line) {
  auto file = sys::open_at(sys::kCwd, path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0644);
  return file.ok() && sys::write_once(file.value().borrow(), line).ok();
}

std::int64_t seconds_now() { return sys::realtime().tv_sec; }

}  // namespace

LogOutput system_log_output() noexcept { return {append_line, print_error, seconds_now}; }

void print_out(std::string_view text) { sys::write_full(kStandardOutput, text).or_throw("write to standard output"); }

void print_error(std::string_view text) noexcept { (void)sys::write_full(kStandardError, text); }

void report(std::string_view program, const Error& error, LogSink& log) {
  std::string lines = text::join(program, ": ", error.message(), '\n');
  if (!error.hint().empty()) lines += text::join("hint: ", error.hint(), '\n');
  print_error(lines);
  log.error(error.message());
}

}  // namespace caisson::app
