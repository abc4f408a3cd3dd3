// The tables in /proc/PID: id maps, resource limits, clock offsets, the environment's words. Pure. man 5 proc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"

namespace caisson::inspect {

// uid_map, gid_map: "inside outside count" lines, the outside as the reader sees it.
std::vector<spec::IdMapping> parse_id_map(std::string_view text);
// "0 is 100000 outside, 65536 ids"; "every id is the same outside" for the whole range; "none" without a line.
std::string id_range_in_words(const spec::IdMapping& range);

struct ResourceLimit {
  std::string name;  // "Max open files"
  std::string soft, hard;
  std::string unit;  // may be empty
  bool operator==(const ResourceLimit&) const = default;
};
// /proc/PID/limits.
std::vector<ResourceLimit> parse_limits(std::string_view text);

struct ClockOffset {
  std::string clock;  // "monotonic", "boottime"
  std::int64_t seconds = 0, nanoseconds = 0;
  bool operator==(const ClockOffset&) const = default;
};
// timens_offsets: "monotonic SECONDS NANOSECONDS".
std::vector<ClockOffset> parse_clock_offsets(std::string_view text);
std::string offset_in_words(const ClockOffset& offset);  // "+86400 s", "-1.5 s", "none"

// /proc/PID/cmdline as one line: words between blanks, those with blanks or quotes in them quoted as a shell reads them.
std::string command_line(std::string_view cmdline);
// One word as a shell reads it back.
std::string shell_word(std::string_view word);

// Words between runs of blanks.
std::vector<std::string_view> words(std::string_view line);

}  // namespace caisson::inspect
