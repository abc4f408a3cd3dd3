#include <gtest/gtest.h>

#include <array>

#include "app/host_ps.hpp"
#include "app/paths.hpp"
#include "app/text_table.hpp"
#include "base/error.hpp"

namespace caisson::app {
namespace {

TEST(TextTable, AlignsColumnsAndEndsLinesAtTheirText) {
  TextTable table({"ID", "PID", "STATUS"});
  table.add({"a-long-name", "1", "running"});
  table.add({"b", "", "stopped"});
  EXPECT_EQ(table.text(),
            "ID            PID   STATUS\n"
            "a-long-name   1     running\n"
            "b             -     stopped\n");
}

TEST(TextTable, LetsNoCellMoveTheCursor) {
  TextTable table({"A"});
  table.add({"x\x1b[2J"});
  EXPECT_EQ(table.text(), "A\n\"x\\x1b[2J\"\n");
}

TEST(HostPs, KeepsTheHeadingAndTheProcessesNamed) {
  constexpr std::string_view kOutput =
      "UID          PID    PPID CMD\n"
      "root           1       0 /sbin/init 42\n"
      "root          42       1 sleep 1\n"
      "root         142       1 sleep 42\n";
  const std::array<pid_t, 2> pids{42, 7};
  EXPECT_EQ(lines_of_processes(kOutput, pids), "UID          PID    PPID CMD\nroot          42       1 sleep 1\n");
}

TEST(HostPs, NeedsAColumnOfPids) {
  const std::array<pid_t, 1> pids{1};
  EXPECT_THROW(lines_of_processes("CMD\ninit\n", pids), Error);
  EXPECT_THROW(lines_of_processes("", pids), Error);
}

TEST(AbsolutePath, CleansOnlyWhatLinksCannotChange) {
  EXPECT_EQ(absolute_path("/w", "a/./b//"), "/w/a/b");
  EXPECT_EQ(absolute_path("/w", "/a//b/"), "/a/b");
  EXPECT_EQ(absolute_path("/w", "."), "/w");
  EXPECT_EQ(absolute_path("/w", "link/../b"), "/w/link/../b");
  EXPECT_EQ(absolute_path(""), "");
}

}  // namespace
}  // namespace caisson::app
