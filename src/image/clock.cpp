#include "image/clock.hpp"

#include <cstdint>

#include "base/text.hpp"
#include "sys/process.hpp"

namespace caisson::image {

std::string now_text() {
  const std::int64_t seconds = sys::realtime().tv_sec;
  // Days to a date: the era of 400 years begins on the first of March.
  const std::int64_t days = seconds / 86400 + 719468, era = days / 146097, day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153, month = shifted < 10 ? shifted + 3 : shifted - 9;
  const auto two = [](std::int64_t number) { return text::join(number < 10 ? "0" : "", number); };
  return text::join(year_of_era + era * 400 + (month <= 2 ? 1 : 0), '-', two(month), '-',
                    two(day_of_year - (153 * shifted + 2) / 5 + 1), 'T', two(seconds / 3600 % 24), ':', two(seconds / 60 % 60),
                    ':', two(seconds % 60), 'Z');
}

}  // namespace caisson::image
