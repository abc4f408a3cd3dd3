#include "base/log.hpp"

#include <array>
#include <utility>

#include "base/json_text.hpp"
#include "base/rfc3339.hpp"
#include "base/text.hpp"

namespace caisson {

namespace {

constexpr std::array<std::string_view, 3> kLevelNames{"error", "warning", "debug"};

}  // namespace

std::string_view log_level_name(LogLevel level) noexcept { return kLevelNames[static_cast<std::size_t>(level)]; }

std::string log_record(LogFormat format, LogLevel level, std::string_view message, std::int64_t seconds) {
  if (format == LogFormat::Text) {
    return text::join("time=\"", rfc3339(seconds), "\" level=", log_level_name(level), " msg=", text::quoted(message), '\n');
  }
  std::string line = text::join("{\"level\":\"", log_level_name(level), "\",\"msg\":");
  text::append_json(line, message);
  line += text::join(",\"time\":\"", rfc3339(seconds), "\"}\n");
  return line;
}

LogSink::LogSink(LogOptions options, LogOutput output) : options_(std::move(options)), output_(output) {}

void LogSink::error(std::string_view message) {
  if (!options_.path.empty()) append(LogLevel::Error, message);
}

void LogSink::note(LogLevel level, std::string_view message) {
  if (level > options_.most) return;
  if (!options_.path.empty() && !options_.only_errors_in_file) {
    append(level, message);
  } else if (level == LogLevel::Debug) {  // for programs and bug reports: with its time
    output_.print(log_record(options_.format, level, message, output_.clock()));
  } else {
    output_.print(text::join(options_.program, ": ", log_level_name(level), ": ", message, '\n'));
  }
}

void LogSink::append(LogLevel level, std::string_view message) {
  if (!output_.append(options_.path, log_record(options_.format, level, message, output_.clock()))) {
    output_.print(text::join(options_.program, ": cannot write to the log ", text::quoted(options_.path), '\n'));
  }
}

}  // namespace caisson
