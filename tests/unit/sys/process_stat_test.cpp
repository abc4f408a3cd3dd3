#include "sys/process_stat.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caisson::sys {
namespace {

const std::string kTail = " S 17 7 7 0 -1 4194304 100 20 0 0 11 22 300 4000 20 0 3 0 777 1000 5 0\n";

TEST(ProcessStat, TellsWhatIsBehindTheName) {
  const auto stat = parse_process_stat("12 (sleep)" + kTail);
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->run_state, 'S');
  EXPECT_EQ(stat->parent, 17);
  EXPECT_EQ(stat->ticks, 4333U);
  EXPECT_EQ(stat->threads, 3U);
  EXPECT_EQ(stat->start_time, 777U);
  EXPECT_FALSE(stat->has_ended());
}

TEST(ProcessStat, TellsWhoHasExecutedNothing) {
  EXPECT_TRUE(parse_process_stat("12 (sleep)" + kTail)->has_executed());  // 0x400000
  std::string text = "12 (sleep)" + kTail;
  text.replace(text.find("4194304"), 7, "4194368");
  EXPECT_FALSE(parse_process_stat(text)->has_executed());
}

TEST(ProcessStat, IsReadWhateverTheNameHolds) {
  for (const char* name : {"a) R 9 (b)", ") Z 1 (", "", "(((", "a b\nc"}) {
    const auto stat = parse_process_stat("12 (" + std::string(name) + ")" + kTail);
    ASSERT_TRUE(stat) << name;
    EXPECT_EQ(stat->run_state, 'S') << name;
    EXPECT_EQ(stat->start_time, 777U) << name;
  }
}

TEST(ProcessStat, TellsWhoHasEnded) {
  std::string text = "12 (sleep)" + kTail;
  for (const char state : {'Z', 'X', 'x'}) {
    text[text.find(") ") + 2] = state;
    EXPECT_TRUE(parse_process_stat(text)->has_ended()) << state;
  }
}

TEST(ProcessStat, IsNothingWhenItIsCutOff) {
  for (const char* text : {"", "12", "12 (sleep", "12 (sleep)", "12 (sleep) S 1 2 3",
                           "12 (sleep) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 77"})
    EXPECT_FALSE(parse_process_stat(text)) << text;
}

}  // namespace
}  // namespace caisson::sys
