#include "lifecycle/step_log.hpp"

#include <fcntl.h>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::lifecycle {
namespace {

constexpr sys::BorrowedFd kStandardError{2};

std::string_view lane_name(Lane lane) { return lane == Lane::Runtime ? "runtime" : "first process"; }

// 1234567 ns -> "1.234"
std::string milliseconds(std::uint64_t ns) {
  const std::uint64_t micros = ns / 1000;
  std::string digits = text::join(micros % 1000);
  digits.insert(0, 3 - digits.size(), '0');
  return text::join(micros / 1000, '.', digits);
}

std::string padded(std::string word, std::size_t width) {
  if (word.size() < width) word.insert(0, width - word.size(), ' ');
  return word;
}

}  // namespace

StepLog::StepLog(bool explain, std::string trace_file, LogSink* log)
    : explain_(explain),
      trace_file_(std::move(trace_file)),
      log_(log != nullptr && log->has_debug() ? log : nullptr),
      origin_ns_(wanted() ? sys::monotonic_ns() : 0) {}

void StepLog::add(Lane lane, std::string_view name, std::uint64_t begin_ns, std::uint64_t end_ns) {
  if (!wanted()) return;
  // A container with a time namespace of its own reports times that lie before ours.
  if (begin_ns < origin_ns_ || end_ns < begin_ns) begin_ns = end_ns = origin_ns_;
  events_.push_back({lane, std::string(name), begin_ns, end_ns});
  if (log_ != nullptr) log_->debug(text::join(lane_name(lane), ": ", name, " (", milliseconds(end_ns - begin_ns), " ms)"));
  if (!explain_) return;
  const std::string line = text::join("at ", padded(milliseconds(begin_ns - origin_ns_), 8), " ms, ",
                                      padded(milliseconds(end_ns - begin_ns), 7), " ms: ", lane_name(lane), ": ", name, "\n");
  static_cast<void>(sys::write_full(kStandardError, line));
}

void StepLog::note(std::string_view sentence) const {
  if (explain_) static_cast<void>(sys::write_full(kStandardError, text::join("note: ", sentence, "\n")));
}

void StepLog::write_trace() const {
  if (trace_file_.empty()) return;
  json::Writer out(json::kCompact);
  out.begin_object();
  out.key("displayTimeUnit").string("ms");
  out.key("traceEvents").begin_array();
  for (const Event& event : events_) {
    out.begin_object();
    out.key("name").string(event.name);
    out.key("ph").string("X");
    out.key("cat").string(lane_name(event.lane));
    out.key("pid").integer(1);
    out.key("tid").integer(static_cast<std::int64_t>(event.lane) + 1);
    out.key("ts").integer(static_cast<std::int64_t>((event.begin_ns - origin_ns_) / 1000));
    out.key("dur").integer(static_cast<std::int64_t>((event.end_ns - event.begin_ns) / 1000));
    out.end_object();
  }
  out.end_array();
  out.end_object();
  const auto file =
      sys::open_at(sys::kCwd, trace_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644).or_throw("--trace: open ", trace_file_);
  sys::write_full(file.borrow(), out.take() + "\n").or_throw("--trace: write ", trace_file_);
}

TimedStep::TimedStep(StepLog& log, std::string_view name)
    : log_(log), name_(name), begin_ns_(log.wanted() ? sys::monotonic_ns() : 0) {}

TimedStep::~TimedStep() {
  if (log_.wanted()) log_.add(Lane::Runtime, name_, begin_ns_, sys::monotonic_ns());
}

}  // namespace caisson::lifecycle
