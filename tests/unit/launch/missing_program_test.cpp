#include "launch/missing_program.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace caisson::launch {
namespace {

TEST(MissingProgram, IsToldFromOneThatCannotBeExecuted) {
  const auto failed = [](const char* what, int error = 0) { return Error(ErrorKind::Payload, what, error); };
  EXPECT_TRUE(is_missing_program(failed("failed to execute x", ENOENT)));
  EXPECT_TRUE(is_missing_program(failed("exec: \"x\": executable file not found in $PATH")));
  EXPECT_TRUE(is_missing_program(failed("exec: \"/x\": no such file or directory").within("find the executable")));
  EXPECT_FALSE(is_missing_program(failed("failed to execute x", EACCES)));
  EXPECT_FALSE(is_missing_program(failed("exec: \"/no such file or directory\": permission denied")));
  EXPECT_FALSE(is_missing_program(failed("exec: \"not found in $PATH\": is a directory")));
}

}  // namespace
}  // namespace caisson::launch
