#include "base/rfc3339.hpp"

#include "base/calendar.hpp"
#include "base/text.hpp"

namespace caisson {
namespace {

constexpr std::int64_t kSecondsOfDay = 86400, kNanoseconds = 1'000'000'000;

std::string padded(std::int64_t number, std::size_t width) {
  std::string digits = text::join(number);
  return digits.size() >= width ? digits : std::string(width - digits.size(), '0') + digits;
}

std::string date_and_time(std::int64_t seconds) {
  const std::int64_t day = seconds / kSecondsOfDay - (seconds % kSecondsOfDay < 0 ? 1 : 0),
                     of_day = seconds - day * kSecondsOfDay;
  const calendar::Date date = calendar::date_of(day);
  return text::join(padded(date.year, 4), "-", padded(date.month, 2), "-", padded(date.day, 2), "T", padded(of_day / 3600, 2),
                    ":", padded(of_day / 60 % 60, 2), ":", padded(of_day % 60, 2));
}

// Digits only, no sign.
std::optional<std::int64_t> number_at(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return std::nullopt;
  const auto number = text::parse_number<std::uint32_t>(text.substr(at, width));
  return number ? std::optional<std::int64_t>(*number) : std::nullopt;
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

}  // namespace

std::string rfc3339(std::int64_t seconds) { return date_and_time(seconds) + 'Z'; }

std::string rfc3339_nano(timespec utc) {
  std::string fraction = utc.tv_nsec == 0 ? std::string() : "." + padded(utc.tv_nsec, 9);
  while (fraction.ends_with('0')) fraction.pop_back();
  return text::join(date_and_time(utc.tv_sec), fraction, "Z");
}

std::optional<std::int64_t> take_nanoseconds(std::string_view& text) {
  if (!text.starts_with('.')) return 0;
  text.remove_prefix(1);
  std::int64_t value = 0, scale = kNanoseconds;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    scale /= 10;
    value += scale * (text[digits] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  const auto year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
  if (!year || !month || !day || *year < 1970 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (*month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  std::int64_t seconds =
      calendar::days_to({*year, static_cast<std::int32_t>(*month), static_cast<std::int32_t>(*day)}) * kSecondsOfDay;
  text.remove_prefix(10);
  if (text.empty()) return seconds * kNanoseconds;
  const auto hour = number_at(text, 1, 2), minute = number_at(text, 4, 2), second = number_at(text, 7, 2);
  if (!hour || !minute || !second || (text[0] != 'T' && text[0] != ' ') || text[3] != ':' || text[6] != ':')
    return std::nullopt;
  seconds += *hour * 3600 + *minute * 60 + *second;
  text.remove_prefix(9);
  const auto fraction = take_nanoseconds(text);
  const auto zone = fraction ? zone_of(text) : std::nullopt;
  if (!zone) return std::nullopt;
  return (seconds - *zone) * kNanoseconds + *fraction;
}

}  // namespace caisson
