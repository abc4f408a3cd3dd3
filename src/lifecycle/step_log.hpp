// --explain, --trace and --debug: what happens while a container is made, step by step, by the runtime and by the container's
// first process. Explained lines go to standard error as they happen; a trace is written once, at the end, in the JSON format
// of Chrome and Perfetto ("Trace Event Format", complete events in microseconds). With --debug each step is a record of the
// log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"

namespace caisson::lifecycle {

enum class Lane : std::uint8_t { Runtime, FirstProcess };

class StepLog {
 public:
  // log: null for none; it gets the steps where it has debug records.
  StepLog(bool explain, std::string trace_file, LogSink* log = nullptr);
  StepLog(const StepLog&) = delete;
  StepLog& operator=(const StepLog&) = delete;

  bool wanted() const noexcept { return explain_ || !trace_file_.empty() || log_ != nullptr; }
  void add(Lane lane, std::string_view name, std::uint64_t begin_ns, std::uint64_t end_ns);
  // A sentence between the steps, when they are explained.
  void note(std::string_view sentence) const;
  // Writes the trace file, if one is wanted. Throws Error{Kernel}.
  void write_trace() const;

 private:
  struct Event {
    Lane lane;
    std::string name;
    std::uint64_t begin_ns, end_ns;
  };
  bool explain_;
  std::string trace_file_;
  LogSink* log_;
  std::uint64_t origin_ns_;
  std::vector<Event> events_;
};

// Adds the time between its construction and its destruction.
class TimedStep {
 public:
  TimedStep(StepLog& log, std::string_view name);
  TimedStep(const TimedStep&) = delete;
  TimedStep& operator=(const TimedStep&) = delete;
  ~TimedStep();

 private:
  StepLog& log_;
  std::string_view name_;
  std::uint64_t begin_ns_ = 0;
};

}  // namespace caisson::lifecycle
