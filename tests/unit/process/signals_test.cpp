#include "process/signals.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "unit/process/expect_error.hpp"

namespace caisson::process {
namespace {

struct Row {
  const char* text;
  int number;
};

TEST(Signals, ReadsNamesAndNumbersInEveryUsualSpelling) {
  constexpr Row kRows[] = {
      {"0", 0},         {"9", 9},        {"KILL", 9},         {"SIGKILL", 9},   {"sigkill", 9},  {"Kill", 9},
      {"TERM", 15},     {"SIGUSR1", 10}, {"CHLD", 17},        {"CLD", 17},      {"IOT", 6},      {"POLL", 29},
      {"IO", 29},       {"WINCH", 28},   {"RTMIN", 34},       {"SIGRTMIN", 34}, {"RTMIN+3", 37}, {"sigrtmin+30", 64},
      {"SIGRTMAX", 64}, {"RTMAX-1", 63}, {"SIGRTMAX-30", 34}, {"64", 64},       {"33", 33},      {"STKFLT", 16},
  };
  for (const Row& row : kRows) EXPECT_EQ(parse_signal(row.text), row.number) << row.text;
}

TEST(Signals, AgreesWithTheLibraryOnRealtimeSignals) {
  EXPECT_EQ(parse_signal("RTMIN"), SIGRTMIN);
  EXPECT_EQ(parse_signal("RTMAX"), SIGRTMAX);
}

TEST(Signals, RefusesEverythingElse) {
  for (const char* text : {"", " ", "65", "-1", "+9", "9 ", " 9", "0x9", "SIG", "SIGSIGKILL", "KILLED", "RTMIN+31", "RTMIN-1",
                           "RTMAX+1", "RTMIN+", "RTMIN++1", "RTMIN+-1", "99999999999", "9.0"}) {
    const Error error = error_of([&] { parse_signal(text); });
    EXPECT_EQ(error.kind(), ErrorKind::Usage) << text;
  }
  EXPECT_EQ(error_of([] { parse_signal("x"); }).message(), "invalid signal \"x\"");
}

TEST(Signals, NamesEveryNumberSoThatItIsReadBack) {
  for (int number = 1; number <= kLastSignal; ++number) EXPECT_EQ(parse_signal(signal_name(number)), number) << number;
  EXPECT_EQ(signal_name(9), "SIGKILL");
  EXPECT_EQ(signal_name(6), "SIGABRT");
  EXPECT_EQ(signal_name(37), "SIGRTMIN+3");
  EXPECT_EQ(signal_name(64), "SIGRTMAX");
  EXPECT_EQ(signal_name(33), "33");
}

}  // namespace
}  // namespace caisson::process
