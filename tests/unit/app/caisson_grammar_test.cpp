#include "app/caisson/grammar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <sstream>

#include "base/error.hpp"

namespace caisson::app::human {
namespace {

// Every command with the whole of what is written before its options ("caisson ns ls"), those of commands too.
void each_command(const Program& program,
                  const std::function<void(const std::string&, const Program&, const Command&)>& visit) {
  for (const Command& command : program.commands) {
    if (command.commands != nullptr) {
      each_command(*command.commands, visit);
    } else if (!command.summary.empty()) {
      visit(std::string(program.name) + ' ' + std::string(command.name), program, command);
    }
  }
}

// As a shell would split them, as far as examples need it: quotes, and the end of a simple command.
std::vector<std::vector<std::string>> simple_commands(std::string_view line) {
  std::vector<std::vector<std::string>> all(1);
  std::string word;
  bool in_word = false;
  char quote = 0;
  const auto end_word = [&] {
    if (in_word) all.back().push_back(std::exchange(word, {}));
    in_word = false;
  };
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word.push_back(c);
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == '|' || c == '&' || c == ';') {
      end_word();
      all.emplace_back();
    } else if (c == ' ') {
      end_word();
    } else {
      word.push_back(c);
      in_word = true;
    }
  }
  end_word();
  EXPECT_EQ(quote, 0) << line;
  return all;
}

// The calls of caisson in an example, without "sudo" and what a shell would do with the output.
std::vector<std::vector<std::string>> calls_in(std::string_view example) {
  std::vector<std::vector<std::string>> calls;
  for (std::vector<std::string>& words : simple_commands(example)) {
    const auto redirected =
        std::ranges::find_if(words, [](const std::string& word) { return word.starts_with('>') || word.starts_with('<'); });
    words.erase(redirected, words.end());
    if (!words.empty() && words.front() == "sudo") words.erase(words.begin());
    if (!words.empty() && (words.front() == "caisson" || face(words.front()) != nullptr)) calls.push_back(words);
  }
  return calls;
}

Parsed parsed(const std::vector<std::string>& call) {
  std::vector<const char*> arguments;
  for (std::size_t at = 1; at < call.size(); ++at) arguments.push_back(call[at].c_str());
  Parsed out;
  if (const Command* stands_in = face(call.front()); stands_in != nullptr)
    parse(*stands_in, arguments, out);
  else
    parse(grammar(), arguments, out);
  return out;
}

void expect_distinct(std::span<const Option> options, std::string_view where) {
  std::set<std::string_view> shown;
  std::set<char> letters;
  for (const Option& option : options) {
    if (!option.help.empty() && !option.name.empty())
      EXPECT_TRUE(shown.insert(option.name).second) << where << " --" << option.name;
    EXPECT_TRUE(option.letter == 0 || letters.insert(option.letter).second) << where << " -" << option.letter;
  }
}

TEST(CaissonGrammar, HasNoOptionTwice) {
  expect_distinct(grammar().options, "global");
  each_command(grammar(),
               [](const std::string& name, const Program&, const Command& command) { expect_distinct(command.options, name); });
}

TEST(CaissonGrammar, GivesEveryCommandExamplesThatAreItsOwnAndWhoseOptionsParse) {
  each_command(grammar(), [](const std::string& name, const Program&, const Command& command) {
    ASSERT_FALSE(command.examples.empty()) << name;
    for (const std::string_view example : command.examples) {
      const auto calls = calls_in(example);
      ASSERT_FALSE(calls.empty()) << example;
      bool own = false;
      for (const auto& call : calls) {
        try {
          const Parsed line = parsed(call);
          own = own || (line.command != nullptr && line.command->name == command.name);
        } catch (const Error& error) {
          ADD_FAILURE() << example << ": " << error.message();
        }
      }
      EXPECT_TRUE(own) << example << " is no example of " << name;
    }
  });
}

TEST(CaissonGrammar, GivesProgramsExamplesThatParse) {
  const auto check = [](const Program& program) {
    ASSERT_FALSE(program.examples.empty()) << program.name;
    for (const std::string_view example : program.examples)
      for (const auto& call : calls_in(example)) EXPECT_NO_THROW(parsed(call)) << example;
  };
  check(grammar());
  for (const Command& command : grammar().commands)
    if (command.commands != nullptr) check(*command.commands);
}

TEST(CaissonGrammar, SaysInEverySummaryWhatACommandDoesWithoutAFinalStop) {
  each_command(grammar(), [](const std::string& name, const Program&, const Command& command) {
    EXPECT_FALSE(command.summary.ends_with('.')) << name;
    EXPECT_FALSE(command.summary.front() >= 'A' && command.summary.front() <= 'Z') << name;
  });
}

TEST(CaissonGrammar, PutsHelpWithinTheWidthOfATerminal) {
  std::string all = help_text(grammar());
  for (const Command& command : grammar().commands)
    if (command.commands != nullptr) all += help_text(*command.commands);
  each_command(grammar(),
               [&](const std::string&, const Program& program, const Command& command) { all += help_text(program, command); });
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 110U) << line;
}

TEST(CaissonGrammar, SplitsExamplesAsAShellDoes) {
  const auto calls = calls_in("sudo caisson run -- sh -c 'a b; c' | caisson ns ls >out && ls");
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].back(), "a b; c");
  EXPECT_EQ(calls[1].back(), "ls");
}

}  // namespace
}  // namespace caisson::app::human
