#include "process/keyring.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/keyring.hpp"

namespace caisson::process {
namespace {

TEST(Keyring, IsJoinedByNameAndSearchable) {
  const pid_t child = fork();
  if (child == 0) {
    const auto probe = sys::join_session_keyring("caisson-probe");
    if (!probe.ok()) _exit(77);
    try {
      join_session_keyring("caisson-test-1", KeySearch::ByOthers);
      const int joined = sys::join_session_keyring("_ses.caisson-test-1").or_throw("join again");
      const std::string description = sys::describe_key(joined).or_throw("describe");
      if (!description.ends_with(";_ses.caisson-test-1")) _exit(1);
      const std::size_t permissions = description.find(';', description.find(';', description.find(';') + 1) + 1) + 1;
      const auto value = text::parse_number<std::uint32_t>(std::string_view(description).substr(permissions, 8), 16);
      _exit(value && (*value & 0x8U) != 0 ? 0 : 2);
    } catch (const Error&) {
      _exit(3);
    }
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no session keyrings here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace caisson::process
