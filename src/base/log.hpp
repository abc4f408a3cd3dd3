// Log records for engines and people. One record is one line, JSON or text; the format is a contract: podman parses the whole
// file as one object, containerd takes the last record of level "error" and drops it when `time` is not RFC 3339.
// So the file is opened at the first record only, and a command whose log is read as one object sends its warnings to stderr.
// This layer only forms records and decides where they go: the caller supplies the clock and the writing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caisson {

enum class LogFormat : std::uint8_t { Text, Json };
enum class LogLevel : std::uint8_t { Error, Warning, Debug };

std::string_view log_level_name(LogLevel level) noexcept;

// One whole line with its newline.
std::string log_record(LogFormat format, LogLevel level, std::string_view message, std::int64_t seconds);

struct LogOptions {
  std::string program;  // prefix on stderr: "caisson-oci: warning: ..."
  std::string path;     // empty: no log file, warnings and debug lines go to stderr
  LogFormat format = LogFormat::Text;
  LogLevel most = LogLevel::Warning;  // levels beyond are dropped
  bool only_errors_in_file = false;   // the rest goes to stderr even though there is a file
};

struct LogOutput {
  bool (*append)(const std::string& path, std::string_view line);  // one line at the end of the file; false: it failed
  void (*print)(std::string_view line);                            // one line to stderr
  std::int64_t (*clock)();                                         // seconds since 1970
};

class LogSink {
 public:
  LogSink(LogOptions options, LogOutput output);

  // To the file only: the caller prints the error to stderr itself, with its hint.
  void error(std::string_view message);
  void warning(std::string_view message) { note(LogLevel::Warning, message); }
  void debug(std::string_view message) { note(LogLevel::Debug, message); }
  bool has_debug() const noexcept { return options_.most == LogLevel::Debug; }

 private:
  void note(LogLevel level, std::string_view message);
  void append(LogLevel level, std::string_view message);

  LogOptions options_;
  LogOutput output_;
};

}  // namespace caisson
