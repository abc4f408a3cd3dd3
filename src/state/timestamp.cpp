#include "state/timestamp.hpp"

#include <cstdint>

#include "base/text.hpp"

namespace caisson::state {
namespace {

std::string padded(std::int64_t number, std::size_t width) {
  std::string digits = text::join(number);
  return digits.size() >= width ? digits : std::string(width - digits.size(), '0') + digits;
}

}  // namespace

std::string rfc3339_nano(timespec utc) {
  const std::int64_t seconds = utc.tv_sec, day = seconds / 86400 - (seconds % 86400 < 0 ? 1 : 0);
  const std::int64_t of_day = seconds - day * 86400;
  // Days since 1970 to a date of the Gregorian calendar, by eras of 400 years that begin on 1 March.
  const std::int64_t shifted = day + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  std::string fraction = utc.tv_nsec == 0 ? std::string() : "." + padded(utc.tv_nsec, 9);
  while (fraction.ends_with('0')) fraction.pop_back();
  return text::join(padded(year, 4), "-", padded(month, 2), "-", padded(day_of_year - (153 * month_from_march + 2) / 5 + 1, 2),
                    "T", padded(of_day / 3600, 2), ":", padded(of_day / 60 % 60, 2), ":", padded(of_day % 60, 2), fraction,
                    "Z");
}

}  // namespace caisson::state
