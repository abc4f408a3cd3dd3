#include "life/log_reader.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "life/clock.hpp"

namespace caisson::life {
namespace {

// Digits only, no sign.
std::optional<std::int64_t> number_of(std::string_view digits) {
  const auto number = text::parse_number<std::uint32_t>(digits);
  return number ? std::optional<std::int64_t>(*number) : std::nullopt;
}

std::optional<std::int64_t> number_at(std::string_view text, std::size_t at, std::size_t width) {
  return at + width > text.size() ? std::nullopt : number_of(text.substr(at, width));
}

// Days since 1970, by eras of 400 years that begin on 1 March.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = year / 400, year_of_era = year % 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

// ".5" -> 500000000; no fraction is zero.
std::optional<std::int64_t> fraction_of(std::string_view& text) {
  if (!text.starts_with('.')) return 0;
  text.remove_prefix(1);
  std::int64_t value = 0, scale = kSecond;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    scale /= 10;
    value += scale * (text[digits] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

// "Z", "+02:00" or nothing: seconds east of Greenwich.
std::optional<std::int64_t> zone_of(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = number_at(text, 1, 2), minutes = number_at(text, 4, 2);
  if (!hours || !minutes) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = number_of(text.substr(0, digits));
    if (!number || digits == text.size() || *number > 1'000'000'000) return std::nullopt;
    const std::string_view units = "smhd";
    const std::size_t unit = units.find(text[digits]);
    if (unit == std::string_view::npos) return std::nullopt;
    constexpr std::int64_t kSeconds[] = {1, 60, 3600, 86400};
    total += *number * kSeconds[unit];
    text.remove_prefix(digits + 1);
  }
  return total * kSecond;
}

std::optional<std::int64_t> parse_unix(std::string_view text) {
  const std::size_t digits = std::min(text.find('.'), text.size());
  const auto seconds = number_of(text.substr(0, digits));
  text.remove_prefix(digits);
  const auto fraction = fraction_of(text);
  if (!seconds || !fraction || !text.empty()) return std::nullopt;
  return *seconds * kSecond + *fraction;
}

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  const auto year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
  if (!year || !month || !day || *year < 1970 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (*month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  std::int64_t seconds = days_of(*year, *month, *day) * 86400;
  text.remove_prefix(10);
  if (text.empty()) return seconds * kSecond;
  const auto hour = number_at(text, 1, 2), minute = number_at(text, 4, 2), second = number_at(text, 7, 2);
  if (!hour || !minute || !second || (text[0] != 'T' && text[0] != ' ') || text[3] != ':' || text[6] != ':')
    return std::nullopt;
  seconds += *hour * 3600 + *minute * 60 + *second;
  text.remove_prefix(9);
  const auto fraction = fraction_of(text);
  const auto zone = fraction ? zone_of(text) : std::nullopt;
  if (!zone) return std::nullopt;
  return (seconds - *zone) * kSecond + *fraction;
}

std::int64_t parse_moment(std::string_view text, std::string_view option, std::int64_t now) {
  if (const auto moment = parse_rfc3339(text)) return *moment;
  if (const auto moment = parse_unix(text)) return *moment;
  if (const auto before = text.empty() ? std::nullopt : parse_duration(text)) return now - *before;
  throw Error(ErrorKind::Usage, text::join(option, ": ", text::quoted(text), " is no time"))
      .with_hint("write 2026-01-02T15:04:05Z, seconds since 1970, or how long ago: 90s, 10m, 1h30m, 2d");
}

std::optional<LogLine> parse_log_line(std::string_view line) {
  constexpr std::size_t kTime = 35, kHead = 45;
  if (line.size() < kHead || line[kTime] != ' ' || line[kHead - 1] != ' ' || line[kHead - 3] != ' ') return std::nullopt;
  const std::string_view stream = line.substr(kTime + 1, 6);
  const char tag = line[kHead - 2];
  if ((stream != "stdout" && stream != "stderr") || (tag != 'F' && tag != 'P')) return std::nullopt;
  return LogLine{.time = line.substr(0, kTime), .error = stream == "stderr", .whole = tag == 'F', .text = line.substr(kHead)};
}

std::string_view LogFilter::feed(std::string_view lines) {
  for (std::size_t end = lines.find('\n'); end != std::string_view::npos; end = lines.find('\n')) {
    if (const auto line = parse_log_line(lines.substr(0, end))) show(*line);
    lines.remove_prefix(end + 1);
  }
  return lines;
}

bool LogFilter::is_wanted(const LogLine& line, std::string_view& text) {
  const std::size_t stream = line.error ? 1 : 0;
  Judged& judged = judged_[stream];
  if (judged == Judged::NotYet) {
    std::string& held = held_[stream];
    held += line.text;
    if (held.size() < wish_.prefix.size() && !line.whole) return false;
    judged = held.starts_with(wish_.prefix) ? Judged::Wanted : Judged::Unwanted;
    judged_text_ = judged == Judged::Wanted ? held.substr(wish_.prefix.size()) : std::string();
    text = judged_text_;
    held.clear();
  }
  const bool wanted = judged == Judged::Wanted;
  if (line.whole) judged = Judged::NotYet;
  return wanted;
}

void LogFilter::show(const LogLine& line) {
  std::string_view text = line.text;
  if (!wish_.prefix.empty() && !is_wanted(line, text)) return;
  if (wish_.skipped > 0) {
    if (line.whole) --wish_.skipped;
    return;
  }
  if (wish_.since || wish_.until) {
    const auto moment = parse_rfc3339(line.time);
    if (!moment || (wish_.since && *moment < *wish_.since) || (wish_.until && *moment > *wish_.until)) return;
  }
  bool& begun = begun_[line.error ? 1 : 0];
  text_.clear();
  if (wish_.timestamps && !begun) text_.append(line.time).push_back(' ');
  text_ += text;
  if (line.whole) text_ += '\n';
  begun = !line.whole;
  show_(line.error, text_);
}

}  // namespace caisson::life
