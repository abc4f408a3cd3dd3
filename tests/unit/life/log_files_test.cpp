#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "life/log_reader.hpp"
#include "sys/file.hpp"

namespace caisson::life {
namespace {

class Directory {
 public:
  Directory() {
    std::string pattern = testing::TempDir() + "caisson-log-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << "2026-01-02T03:04:05.123456789+00:00 stdout F " << text << '\n';
  }
  std::string read() const {
    const auto directory = sys::open_at(sys::kCwd, path_.c_str(), O_RDONLY | O_DIRECTORY).or_throw("open");
    std::string all;
    LogFilter filter({}, [&all](bool, std::string_view text) { all += text; });
    LogFiles(directory.borrow()).read_to_end(filter);
    return all;
  }

 private:
  std::filesystem::path path_;
};

TEST(LogFiles, AreReadFromTheOldestOn) {
  const Directory directory;
  directory.put("log", "three");
  directory.put("log.1", "two");
  directory.put("log.2", "one");
  EXPECT_EQ(directory.read(), "one\ntwo\nthree\n");
}

// The monitor renames the oldest first: for a moment one name after the other is free.
TEST(LogFiles, AreAllReadWhileTheyAreRotated) {
  for (const std::string free : {"log.3", "log.2", "log.1"}) {
    const Directory directory;
    int age = 4;
    for (const char* text : {"one", "two", "three", "four"}) {
      if ("log." + std::to_string(age) == free) --age;
      directory.put(age == 0 ? "log" : "log." + std::to_string(age), text);
      --age;
    }
    EXPECT_EQ(directory.read(), "one\ntwo\nthree\nfour\n") << free;
  }
}

}  // namespace
}  // namespace caisson::life
