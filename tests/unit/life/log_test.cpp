#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/rfc3339.hpp"
#include "life/log_reader.hpp"
#include "life/record.hpp"

namespace caisson::life {
namespace {

constexpr std::int64_t kLogSecond = 1'000'000'000;

std::string head(std::int64_t seconds, std::int64_t nanoseconds, int stream, char tag) {
  std::string text(launch::kLogHeadSize, '#');
  launch::put_log_head(text.data(), seconds, nanoseconds, stream, tag);
  return text;
}

std::string shown(LogWish wish, std::string_view log) {
  std::string text;
  LogFilter filter(std::move(wish),
                   [&text](bool error, std::string_view line) { text.append(error ? "E:" : "").append(line); });
  EXPECT_EQ(filter.feed(log), "");
  return text;
}

TEST(LogLine, IsWrittenInTheFormOfKubernetes) {
  EXPECT_EQ(head(0, 5, 0, 'F'), "1970-01-01T00:00:00.000000005+00:00 stdout F ");
  EXPECT_EQ(head(1'767'323'045, 123'456'789, 1, 'P'), "2026-01-02T03:04:05.123456789+00:00 stderr P ");
  EXPECT_EQ(head(1'709'251'199, 0, 0, 'F'), "2024-02-29T23:59:59.000000000+00:00 stdout F ");
}

TEST(LogLine, IsReadAsItWasWritten) {
  const std::string text = head(1'767'323'045, 7, 1, 'P') + "a b\r";
  const auto line = parse_log_line(text);
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->error);
  EXPECT_FALSE(line->whole);
  EXPECT_EQ(line->text, "a b\r");
  EXPECT_EQ(parse_rfc3339(line->time), 1'767'323'045 * kLogSecond + 7);
  for (const char* other :
       {"", "x", "2026-01-02T03:04:05.123456789+00:00 stdin F x", "2026-01-02T03:04:05.123456789+00:00 stdout X x"})
    EXPECT_FALSE(parse_log_line(other)) << other;
}

TEST(LogFilter, JoinsPiecesOfALineAndKeepsStreamsApart) {
  const std::string log = head(1, 0, 0, 'P') + "a\n" + head(2, 0, 1, 'F') + "e\n" + head(3, 0, 0, 'F') + "b\nnoise\n";
  EXPECT_EQ(shown({}, log), "aE:e\nb\n");
  EXPECT_EQ(shown({.timestamps = true}, log),
            "1970-01-01T00:00:01.000000000+00:00 aE:1970-01-01T00:00:02.000000000+00:00 e\nb\n");
}

TEST(LogFilter, CutsByTimeAndByNumber) {
  std::string log;
  for (int i = 1; i <= 5; ++i) log += head(i, 0, 0, 'F') + static_cast<char>('0' + i) + "\n";
  EXPECT_EQ(shown({.skipped = 3}, log), "4\n5\n");
  EXPECT_EQ(shown({.since = 2 * kLogSecond, .until = 4 * kLogSecond}, log), "2\n3\n4\n");
}

TEST(LogFilter, GivesBackWhatIsNoWholeLine) {
  LogFilter filter({}, [](bool, std::string_view) {});
  const std::string log = head(1, 0, 0, 'F') + "x\nrest";
  EXPECT_EQ(filter.feed(log), "rest");
}

TEST(Moment, IsAnRfc3339TimeSecondsOrADuration) {
  const std::int64_t now = 2'000'000'000 * kLogSecond;
  EXPECT_EQ(parse_moment("1970-01-02", "--since", now), 86400 * kLogSecond);
  EXPECT_EQ(parse_moment("2026-01-02T03:04:05.5Z", "--since", now), 1'767'323'045 * kLogSecond + kLogSecond / 2);
  EXPECT_EQ(parse_moment("2026-01-02T05:04:05+02:00", "--since", now), 1'767'323'045 * kLogSecond);
  EXPECT_EQ(parse_moment("12.25", "--since", now), 12 * kLogSecond + kLogSecond / 4);
  EXPECT_EQ(parse_moment("1h30m", "--since", now), now - 5400 * kLogSecond);
  EXPECT_EQ(parse_moment("2d", "--since", now), now - 2 * 86400 * kLogSecond);
  for (const char* wrong : {"", "x", "5x", "10m3", "-3", "2026-13-01", "2026-01-02T03:04", "2026-01-02T03:04:05+2", "1."})
    EXPECT_THROW(parse_moment(wrong, "--since", now), Error) << wrong;
}

TEST(ExitRecord, IsReadAsItWasWritten) {
  const std::string text = exit_text({.run = 12, .code = 137, .signal = 9, .seconds = 1'767'323'045, .nanoseconds = 42});
  EXPECT_TRUE(text.starts_with("run 12 code 137 signal 9 at 1767323045 000000042 "));
  const auto exit = parse_exit(text);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->run, 12U);
  EXPECT_EQ(exit->code, 137);
  EXPECT_EQ(exit->signal, 9);
  EXPECT_EQ(nanoseconds_of(*exit), 1'767'323'045 * kLogSecond + 42);
  EXPECT_FALSE(parse_exit(""));
  EXPECT_FALSE(parse_exit(std::string_view(text).substr(0, 40)));
}

TEST(Record, IsReadAsItWasWritten) {
  Record record{.id = "ab", .name = "web", .created = 5, .directory = "/x"};
  record.options = {{.name = "read-only", .value = {}}, {.name = "env", .value = "A=\"b\"\n"}};
  record.command = {"sh", "-c", ""};
  record.keeper = state::Identity{.pid = 3, .start_time = 4, .boot_id = "boot"};
  record.restarts = 2;
  const Record read = parse_record(to_json(record));
  EXPECT_EQ(to_json(read), to_json(record));
  EXPECT_FALSE(read.options[0].value);
  EXPECT_EQ(read.options[1].value, "A=\"b\"\n");
  EXPECT_THROW(parse_record("{\"id\":\"ab\"}"), Error);
}

}  // namespace
}  // namespace caisson::life
