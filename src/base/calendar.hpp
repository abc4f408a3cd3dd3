// Dates of the Gregorian calendar in UTC, without the C library's time zones. Freestanding: the monitor includes it.
#pragma once

#include <stdint.h>

namespace caisson::calendar {

struct Date {
  int64_t year;
  int32_t month, day;  // from 1 on
};

// Eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
inline constexpr int64_t kDaysOfEra = 146097, kDaysToEpoch = 719468;

// Of a day since 1970-01-01, also of one before it.
constexpr Date date_of(int64_t days) {
  const int64_t shifted = days + kDaysToEpoch, era = (shifted >= 0 ? shifted : shifted - (kDaysOfEra - 1)) / kDaysOfEra;
  const int64_t day_of_era = shifted - era * kDaysOfEra;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t from_march = (5 * day_of_year + 2) / 153, month = from_march < 10 ? from_march + 3 : from_march - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), static_cast<int32_t>(month),
          static_cast<int32_t>(day_of_year - (153 * from_march + 2) / 5 + 1)};
}

// Days from 1970-01-01 to a date from year 1 on. A day beyond its month's last is one of the next month.
constexpr int64_t days_to(const Date& date) {
  const int64_t year = date.year - (date.month <= 2 ? 1 : 0), era = year / 400, year_of_era = year % 400;
  const int64_t day_of_year = (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
  return era * kDaysOfEra + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - kDaysToEpoch;
}

}  // namespace caisson::calendar
