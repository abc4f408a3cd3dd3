#include "inspect/process_tables.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"

namespace caisson::inspect {
namespace {

[[noreturn]] void malformed(std::string_view table, std::string_view line) {
  throw Error(ErrorKind::Host, text::join(table, " is not in the kernel's format: ", text::quoted(line.substr(0, 200))));
}

template <class Number>
Number number(std::string_view digits, std::string_view table, std::string_view line) {
  const auto value = text::parse_number<Number>(digits);
  if (!value) malformed(table, line);
  return *value;
}

}  // namespace

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> all;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    if (end > at) all.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

std::vector<spec::IdMapping> parse_id_map(std::string_view text) {
  constexpr std::string_view kTable = "the id map";
  std::vector<spec::IdMapping> map;
  for (const std::string_view line : text::split(text, '\n')) {
    const auto parts = words(line);
    if (parts.empty()) continue;
    if (parts.size() != 3) malformed(kTable, line);
    map.push_back({.container_id = number<std::uint32_t>(parts[0], kTable, line),
                   .host_id = number<std::uint32_t>(parts[1], kTable, line),
                   .size = number<std::uint32_t>(parts[2], kTable, line)});
  }
  return map;
}

std::string id_range_in_words(const spec::IdMapping& range) {
  constexpr std::uint32_t kEveryId = 4294967295;
  if (range.container_id == 0 && range.host_id == 0 && range.size == kEveryId) return "every id is the same outside";
  if (range.size == 1) return text::join(range.container_id, " inside is ", range.host_id, " outside");
  const auto last = [&range](std::uint32_t first) { return std::uint64_t{first} + range.size - 1; };
  return text::join(range.container_id, "-", last(range.container_id), " inside are ", range.host_id, "-", last(range.host_id),
                    " outside");
}

std::vector<ResourceLimit> parse_limits(std::string_view text) {
  constexpr std::string_view kTable = "the table of limits";
  std::vector<ResourceLimit> limits;
  const auto lines = text::split(text, '\n');
  if (lines.empty()) malformed(kTable, text);
  const std::size_t soft = lines.front().find("Soft Limit"), hard = lines.front().find("Hard Limit"),
                    unit = lines.front().find("Units");
  if (soft == std::string_view::npos || hard == std::string_view::npos || unit == std::string_view::npos)
    malformed(kTable, lines.front());
  for (const std::string_view line : lines) {
    if (line.data() == lines.front().data() || text::trim(line).empty()) continue;
    if (line.size() < unit) malformed(kTable, line);
    const auto column = [line](std::size_t from, std::size_t to) {
      return std::string(text::trim(line.substr(from, to - from)));
    };
    limits.push_back({column(0, soft), column(soft, hard), column(hard, unit), std::string(text::trim(line.substr(unit)))});
  }
  return limits;
}

std::vector<ClockOffset> parse_clock_offsets(std::string_view text) {
  constexpr std::string_view kTable = "the table of clock offsets";
  std::vector<ClockOffset> offsets;
  for (const std::string_view line : text::split(text, '\n')) {
    const auto parts = words(line);
    if (parts.empty()) continue;
    if (parts.size() != 3) malformed(kTable, line);
    offsets.push_back({.clock = std::string(parts[0]),
                       .seconds = number<std::int64_t>(parts[1], kTable, line),
                       .nanoseconds = number<std::int64_t>(parts[2], kTable, line)});
  }
  return offsets;
}

std::string offset_in_words(const ClockOffset& offset) {
  if (offset.seconds == 0 && offset.nanoseconds == 0) return "none";
  // The kernel keeps nanoseconds positive: -2 s 500000000 ns is -1.5 s.
  std::int64_t seconds = offset.seconds, nanoseconds = offset.nanoseconds;
  const bool negative = seconds < 0;
  if (negative) {
    seconds = -seconds - (nanoseconds > 0 ? 1 : 0);
    nanoseconds = nanoseconds > 0 ? 1'000'000'000 - nanoseconds : 0;
  }
  std::string out = text::join(negative ? "-" : "+", seconds);
  if (nanoseconds != 0) {
    std::string digits = text::join(1'000'000'000 + nanoseconds).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    out += text::join(".", digits);
  }
  return out + " s";
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%^";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) return std::string(word);
  const bool control = text::has_control(word);
  std::string out = control ? "$'" : "'";
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (control && (byte < 0x20 || byte >= 0x7f)) {
      constexpr char kDigits[] = "01234567";
      out += text::join('\\', kDigits[byte >> 6], kDigits[byte >> 3 & 7], kDigits[byte & 7]);
    } else if (control && (c == '\\' || c == '\'')) {
      out += text::join('\\', c);
    } else if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string command_line(std::string_view cmdline) {
  if (cmdline.ends_with('\0')) cmdline.remove_suffix(1);
  std::string out;
  for (const std::string_view word : text::split(cmdline, '\0')) out += text::join(out.empty() ? "" : " ", shell_word(word));
  return out;
}

}  // namespace caisson::inspect
