#include "base/shell_words.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::text {
namespace {

using Words = std::vector<std::string>;

TEST(ShellWords, SplitsAsAShellDoes) {
  EXPECT_EQ(shell_words("  httpd -f\t-p 80\n"), (Words{"httpd", "-f", "-p", "80"}));
  EXPECT_EQ(shell_words(R"(sh -c 'echo "a b"; \n' x"y\"z\n"\ w)"), (Words{"sh", "-c", R"(echo "a b"; \n)", R"(xy"z\n w)"}));
  EXPECT_EQ(shell_words(R"('' "" $HOME *)"), (Words{"", "", "$HOME", "*"}));
  EXPECT_EQ(shell_words(""), Words{});
  for (const char* open : {"a 'b", "a \"b", "a \\", "\"\\"}) EXPECT_THROW(shell_words(open), Error) << open;
}

TEST(ShellWords, ReadsBackWhatItWrote) {
  const Words odd{"plain", "", "a b", "it's", "\"\\$`", "é\n"};
  std::string line;
  for (const std::string& word : odd) line += shell_word(word) + " ";
  EXPECT_EQ(shell_words(line), odd);
  EXPECT_EQ(shell_word("httpd"), "httpd");
}

}  // namespace
}  // namespace caisson::text
