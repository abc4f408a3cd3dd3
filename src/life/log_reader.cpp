#include "life/log_reader.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/rfc3339.hpp"
#include "base/text.hpp"
#include "life/clock.hpp"

namespace caisson::life {
namespace {

std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = text::parse_number<std::uint32_t>(text.substr(0, digits));
    if (!number || digits == text.size() || *number > 1'000'000'000) return std::nullopt;
    const std::string_view units = "smhd";
    const std::size_t unit = units.find(text[digits]);
    if (unit == std::string_view::npos) return std::nullopt;
    constexpr std::int64_t kSeconds[] = {1, 60, 3600, 86400};
    total += std::int64_t{*number} * kSeconds[unit];
    text.remove_prefix(digits + 1);
  }
  return total * kSecond;
}

std::optional<std::int64_t> parse_unix(std::string_view text) {
  const std::size_t digits = std::min(text.find('.'), text.size());
  const auto seconds = text::parse_number<std::uint32_t>(text.substr(0, digits));
  text.remove_prefix(digits);
  const auto fraction = take_nanoseconds(text);
  if (!seconds || !fraction || !text.empty()) return std::nullopt;
  return std::int64_t{*seconds} * kSecond + *fraction;
}

}  // namespace

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
