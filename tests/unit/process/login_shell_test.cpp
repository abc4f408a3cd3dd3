#include "process/login_shell.hpp"

#include <gtest/gtest.h>

namespace caisson::process {
namespace {

constexpr std::string_view kShells = "root:x:0:0::/root:/bin/bash\nann:x:1000:1000::/:/bin/zsh\nnobody:x:65534:65534::/:\n";

TEST(LoginShell, IsTheOneOfTheEnvironmentThenOfTheAccountThenSh) {
  EXPECT_EQ(login_shell("/bin/fish", kShells, 0), "/bin/fish");
  EXPECT_EQ(login_shell("", kShells, 0), "/bin/bash");
  EXPECT_EQ(login_shell("", kShells, 1000), "/bin/zsh");
  EXPECT_EQ(login_shell("", kShells, 65534), "/bin/sh");
  EXPECT_EQ(login_shell("", kShells, 7), "/bin/sh");
  EXPECT_EQ(login_shell("", "", 0), "/bin/sh");
}

TEST(LoginShell, KnowsByItsNameThatItIsOne) {
  EXPECT_EQ(login_name("/bin/bash"), "-bash");
  EXPECT_EQ(login_name("sh"), "-sh");
}

}  // namespace
}  // namespace caisson::process
