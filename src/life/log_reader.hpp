// What a container printed, out of the files that its monitor writes (launch/monitor/log_line.hpp): lines with time and stream,
// in their order, over rotations. Pure but for LogFiles.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.hpp"

namespace caisson::life {

struct LogLine {
  std::string_view time;  // "2026-01-02T03:04:05.123456789+00:00"
  bool error = false;     // of standard error
  bool whole = true;      // false: the line goes on with the next one of the stream
  std::string_view text;  // without the newline
};
// A line of the file without its newline; nothing for one that the monitor did not write.
std::optional<LogLine> parse_log_line(std::string_view line);

// Nanoseconds since 1970, of a time as the log has it, another form of RFC 3339, seconds since 1970 with a fraction, or how
// long before `now`: 90s, 10m, 1h30m, 2d. Throws Error{Usage} naming the option.
std::int64_t parse_moment(std::string_view text, std::string_view option, std::int64_t now);

struct LogWish {
  std::size_t skipped = 0;                   // so many whole lines first
  std::optional<std::int64_t> since, until;  // nanoseconds since 1970, both included
  bool timestamps = false;
  std::string prefix;  // only lines that begin so, without it
};

// Cuts a log into what is to be shown.
class LogFilter {
 public:
  // Of which stream; the text ends with a newline where the line is whole.
  using Show = std::function<void(bool error, std::string_view text)>;
  LogFilter(LogWish wish, Show show) : wish_(std::move(wish)), show_(std::move(show)) {}

  // Whole lines of the file, each with its newline; what follows the last newline is given back.
  std::string_view feed(std::string_view lines);

 private:
  void show(const LogLine& line);
  bool is_wanted(const LogLine& line, std::string_view& text);

  LogWish wish_;
  Show show_;
  bool begun_[2] = {false, false};  // a line of the stream was shown in part
  std::string text_;                // of the line that is shown
  // By stream, of a line that came in pieces: what there is of it until it can be judged, and the judgement.
  enum class Judged : std::uint8_t { NotYet, Wanted, Unwanted };
  std::string held_[2], judged_text_;
  Judged judged_[2] = {Judged::NotYet, Judged::NotYet};
};

// The files of one log, the oldest first, from a descriptor of the container's directory.
class LogFiles {
 public:
  explicit LogFiles(sys::BorrowedFd directory);
  // What is there now, in pieces of whole lines.
  void read_to_end(LogFilter& filter);

 private:
  struct Part {
    sys::UniqueFd file;
    std::uint64_t inode = 0;
  };
  void open_all();
  bool is_at_newest() const;
  void follow_rotation();

  sys::BorrowedFd directory_;
  std::vector<Part> parts_;  // the first one is being read
  std::string rest_, buffer_;
};

// Whole lines of all files.
std::size_t count_log_lines(sys::BorrowedFd directory);

}  // namespace caisson::life
