#include "base/rfc3339.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "base/calendar.hpp"

namespace caisson {
namespace {

constexpr std::int64_t kNano = 1'000'000'000;

TEST(Calendar, AgreesWithTheStandardLibraryOnEveryDay) {
  using namespace std::chrono;
  for (sys_days day{year{1} / 1 / 1}; day <= sys_days{year{9999} / 12 / 31}; day += days{1}) {
    const year_month_day expected{day};
    const calendar::Date date = calendar::date_of(day.time_since_epoch().count());
    ASSERT_EQ(date.year, int{expected.year()});
    ASSERT_EQ(static_cast<unsigned>(date.month), unsigned{expected.month()});
    ASSERT_EQ(static_cast<unsigned>(date.day), unsigned{expected.day()});
    ASSERT_EQ(calendar::days_to(date), day.time_since_epoch().count());
  }
}

TEST(Rfc3339, HasSeconds) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(951782399), "2000-02-28T23:59:59Z");
  EXPECT_EQ(rfc3339(951782400), "2000-02-29T00:00:00Z");
  EXPECT_EQ(rfc3339(1767323045), "2026-01-02T03:04:05Z");
  EXPECT_EQ(rfc3339(4107542400), "2100-03-01T00:00:00Z");
  EXPECT_EQ(rfc3339(253402300799), "9999-12-31T23:59:59Z");
}

TEST(Rfc3339, HasAFractionAsGoWritesIt) {
  EXPECT_EQ(rfc3339_nano({0, 0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339_nano({951782399, 123456789}), "2000-02-28T23:59:59.123456789Z");
  EXPECT_EQ(rfc3339_nano({951782400, 500000000}), "2000-02-29T00:00:00.5Z");
  EXPECT_EQ(rfc3339_nano({951868800, 1}), "2000-03-01T00:00:00.000000001Z");
  EXPECT_EQ(rfc3339_nano({4107542400, 0}), "2100-03-01T00:00:00Z");
  EXPECT_EQ(rfc3339_nano({-1, 0}), "1969-12-31T23:59:59Z");
}

TEST(Rfc3339, IsReadInItsForms) {
  const std::int64_t moment = 1'767'323'045 * kNano;
  EXPECT_EQ(parse_rfc3339("2026-01-02T03:04:05Z"), moment);
  EXPECT_EQ(parse_rfc3339("2026-01-02 03:04:05"), moment);
  EXPECT_EQ(parse_rfc3339("2026-01-02T05:04:05.5+02:00"), moment + kNano / 2);
  EXPECT_EQ(parse_rfc3339("2026-01-01T22:04:05.000000001-05:00"), moment + 1);
  EXPECT_EQ(parse_rfc3339("2026-01-02"), 1'767'312'000 * kNano);
  EXPECT_EQ(parse_rfc3339(rfc3339_nano({951782399, 123456789})), 951'782'399 * kNano + 123'456'789);
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const char* text : {"", "2026", "2026-01", "2026/01/02", "2026-13-01", "2026-00-01", "2026-01-32", "1969-12-31",
                           "2026-01-02T", "2026-01-02T03:04", "2026-01-02T03-04-05", "2026-01-02T03:04:05.",
                           "2026-01-02T03:04:05+02", "2026-01-02T03:04:05X", "2026-01-02T-3:04:05Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

}  // namespace
}  // namespace caisson
