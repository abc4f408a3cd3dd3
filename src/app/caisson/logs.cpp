// caisson logs: what a detached container has printed, each stream on its own.
#include "app/caisson/commands.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/caisson/run_services.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "life/clock.hpp"
#include "life/log_reader.hpp"
#include "life/look.hpp"
#include "sys/file.hpp"
#include "sys/inotify.hpp"
#include "sys/process.hpp"

namespace caisson::app::human {
namespace {

// The end of a keeper is no event of a directory.
constexpr int kLookAgainMs = 250;
constexpr std::size_t kMostPending = std::size_t{64} << 10;

// Lines of one stream that stand together become one write.
class Printer {
 public:
  void add(bool error, std::string_view text) {
    if (error != error_ || pending_.size() > kMostPending) flush();
    error_ = error;
    pending_ += text;
  }
  void flush() {
    if (pending_.empty()) return;
    if (error_)
      sys::write_full(sys::BorrowedFd(2), pending_).or_throw("write to standard error");
    else
      print_out(pending_);
    pending_.clear();
  }

 private:
  std::string pending_;
  bool error_ = false;
};

std::size_t count_lines(const life::Entry& entry, const std::string& prefix) {
  if (prefix.empty()) return life::count_log_lines(entry.directory());
  std::size_t lines = 0;
  life::LogFilter filter({.prefix = prefix}, [&lines](bool, std::string_view text) { lines += text.ends_with('\n') ? 1 : 0; });
  life::LogFiles(entry.directory()).read_to_end(filter);
  return lines;
}

life::LogWish wish_of(const OptionValues& options, const life::Entry& entry) {
  const std::int64_t now = life::current_moment();
  life::LogWish wish{.timestamps = options.flag("timestamps")};
  if (options.has("service")) wish.prefix = text::join(service_of(entry.record, options.text("service")).name, " | ");
  if (const auto since = options.value("since")) wish.since = life::parse_moment(*since, "--since", now);
  if (const auto until = options.value("until")) wish.until = life::parse_moment(*until, "--until", now);
  if (const auto tail = options.value("tail"); tail && *tail != "all") {
    const auto count = text::parse_number<std::size_t>(*tail);
    if (!count) throw Error(ErrorKind::Usage, text::join("--tail: ", text::quoted(*tail), " is no number of lines"));
    const std::size_t lines = count_lines(entry, wish.prefix);
    wish.skipped = lines > *count ? lines - *count : 0;
  }
  return wish;
}

}  // namespace

int logs(const Invocation& invocation) {
  const DetachedContainers containers(invocation);
  const life::Entry entry = containers.find(invocation.operand(0));
  if (entry.record.foreground)
    throw Error(ErrorKind::State,
                text::join("container ", entry.record.name, " runs in the foreground: what it prints is kept nowhere"))
        .with_hint("caisson run --detach keeps a log");
  const bool follow = invocation.options().flag("follow");
  Printer printer;
  life::LogFilter filter(wish_of(invocation.options(), entry),
                         [&printer](bool error, std::string_view text) { printer.add(error, text); });
  sys::UniqueFd watch;
  if (follow) watch = sys::watch_directory(entry.directory()).or_throw("watch the log of container ", entry.record.name);
  life::LogFiles files(entry.directory());
  for (;;) {
    // Asked before the last look, so that nothing printed in between is missed.
    const bool goes_on = follow && entry.has_keeper();
    files.read_to_end(filter);
    printer.flush();
    if (!goes_on) return 0;
    if (sys::wait_readable(watch.borrow(), kLookAgainMs).or_throw("wait for the log") == sys::Readiness::Ready)
      sys::drop_events(watch.borrow());
  }
}

}  // namespace caisson::app::human
