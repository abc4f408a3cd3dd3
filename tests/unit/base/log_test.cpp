#include "base/log.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caisson {
namespace {

std::vector<std::string> appended, printed;
bool append_works = true;

LogOutput recording() {
  appended.clear();
  printed.clear();
  append_works = true;
  return {[](const std::string& path, std::string_view line) {
            appended.push_back(path + '|' + std::string(line));
            return append_works;
          },
          [](std::string_view line) { printed.emplace_back(line); }, [] { return std::int64_t{1767323045}; }};
}

TEST(LogRecord, HasTheShapeThatEnginesRead) {
  EXPECT_EQ(log_record(LogFormat::Json, LogLevel::Error, "container does not exist", 1767323045),
            "{\"level\":\"error\",\"msg\":\"container does not exist\",\"time\":\"2026-01-02T03:04:05Z\"}\n");
  EXPECT_EQ(log_record(LogFormat::Text, LogLevel::Warning, "a \"b\"", 0),
            "time=\"1970-01-01T00:00:00Z\" level=warning msg=\"a \\\"b\\\"\"\n");
}

TEST(LogRecord, EscapesWhatJsonForbids) {
  const std::string line = log_record(LogFormat::Json, LogLevel::Error, "q\" b\\ n\n t\t \x01", 0);
  EXPECT_NE(line.find("\"q\\\" b\\\\ n\\n t\\t \\u0001\""), std::string::npos) << line;
}

TEST(LogRecord, ReplacesBytesThatAreNoUtf8) {
  const std::string good = "gr\xc3\xb6\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80";
  EXPECT_NE(log_record(LogFormat::Json, LogLevel::Error, good, 0).find(good), std::string::npos);
  const auto shown = [](std::string_view bad) { return log_record(LogFormat::Json, LogLevel::Error, bad, 0); };
  for (const std::string_view bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_NE(shown(bad).find("\xef\xbf\xbd"), std::string::npos);
    EXPECT_EQ(shown(bad).find(bad), std::string::npos);
  }
}

TEST(LogSink, WritesErrorsToTheFileOnly) {
  LogSink sink({.program = "p", .path = "/log", .format = LogFormat::Json}, recording());
  EXPECT_TRUE(appended.empty());
  sink.error("x");
  ASSERT_EQ(appended.size(), 1U);
  EXPECT_EQ(appended[0], "/log|{\"level\":\"error\",\"msg\":\"x\",\"time\":\"2026-01-02T03:04:05Z\"}\n");
  EXPECT_TRUE(printed.empty());
}

TEST(LogSink, KeepsWarningsOutOfAFileThatIsReadAsOneObject) {
  LogSink sink({.program = "p", .path = "/log", .format = LogFormat::Json, .only_errors_in_file = true}, recording());
  sink.warning("careful");
  sink.debug("detail");
  EXPECT_TRUE(appended.empty());
  EXPECT_EQ(printed, std::vector<std::string>{"p: warning: careful\n"});
}

TEST(LogSink, WritesWarningsToAFileOtherwise) {
  LogSink sink({.program = "p", .path = "/log"}, recording());
  sink.warning("careful");
  ASSERT_EQ(appended.size(), 1U);
  EXPECT_TRUE(printed.empty());
}

TEST(LogSink, SaysOnStderrWhatHasNoFile) {
  LogSink sink({.program = "p", .most = LogLevel::Debug}, recording());
  sink.debug("detail");
  sink.error("the caller prints it");
  EXPECT_EQ(printed, std::vector<std::string>{"time=\"2026-01-02T03:04:05Z\" level=debug msg=\"detail\"\n"});
}

TEST(LogSink, SaysWhenTheFileCannotBeWritten) {
  LogSink sink({.program = "p", .path = "/log"}, recording());
  append_works = false;
  sink.error("x");
  EXPECT_EQ(printed, std::vector<std::string>{"p: cannot write to the log \"/log\"\n"});
}

}  // namespace
}  // namespace caisson
