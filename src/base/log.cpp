#include "base/log.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"

namespace caisson {

namespace {

constexpr std::array<std::string_view, 3> kLevelNames{"error", "warning", "debug"};

struct Date {
  std::int64_t year;
  unsigned month, day;
};

// Days since 1970-01-01 to a date of the proleptic Gregorian calendar, in eras of 400 years that begin on 1 March.
Date date_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = days / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

void append_padded(std::string& out, std::uint64_t number, std::size_t width) {
  const std::string digits = text::join(number);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

std::string date_and_time(std::int64_t seconds) {
  if (seconds < 0) seconds = 0;
  const Date date = date_of(seconds / 86400);
  const auto in_day = static_cast<std::uint64_t>(seconds % 86400);
  std::string out;
  append_padded(out, static_cast<std::uint64_t>(date.year), 4);
  out += '-';
  append_padded(out, date.month, 2);
  out += '-';
  append_padded(out, date.day, 2);
  out += 'T';
  append_padded(out, in_day / 3600, 2);
  out += ':';
  append_padded(out, in_day / 60 % 60, 2);
  out += ':';
  append_padded(out, in_day % 60, 2);
  return out;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Length of the well-formed UTF-8 sequence at the front, 0 if there is none (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const auto second = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0U;
  std::size_t length = 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) length = 2;
  if (first >= 0xe0 && first <= 0xef) length = 3;
  if (first >= 0xf0 && first <= 0xf4) length = 4;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(text[i])) return 0;
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool outside = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}

// Escaped for JSON. A byte that is no UTF-8 becomes U+FFFD: a path may hold any byte, a record must still parse.
void append_json_text(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto byte = static_cast<unsigned char>(text[0]);
    if (length == 0) {
      out += "\xef\xbf\xbd";
    } else if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[0];
    } else if (byte == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

}  // namespace

std::string_view log_level_name(LogLevel level) noexcept { return kLevelNames[static_cast<std::size_t>(level)]; }

std::string rfc3339(std::int64_t seconds) { return date_and_time(seconds) + 'Z'; }

std::string log_record(LogFormat format, LogLevel level, std::string_view message, std::int64_t seconds) {
  if (format == LogFormat::Text) {
    return text::join("time=\"", rfc3339(seconds), "\" level=", log_level_name(level), " msg=", text::quoted(message), '\n');
  }
  std::string line = text::join("{\"level\":\"", log_level_name(level), "\",\"msg\":");
  append_json_text(line, message);
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
