#include "app/caisson_oci/grammar.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "base/error.hpp"

namespace caisson::app::oci {
namespace {

Parsed parse_words(const std::vector<const char*>& words) {
  Parsed out;
  parse(grammar(), words, out);
  return out;
}

void expect_distinct(std::span<const Option> options, std::string_view where) {
  std::set<std::pair<std::string_view, char>> seen;
  std::set<char> letters;
  for (const Option& option : options) {
    EXPECT_TRUE(seen.insert({option.name, option.letter}).second) << where << " --" << option.name;
    EXPECT_TRUE(option.letter == 0 || letters.insert(option.letter).second) << where << " -" << option.letter;
    EXPECT_NE(option.name, "help");
  }
}

TEST(OciGrammar, HasNoOptionTwice) {
  expect_distinct(grammar().options, "global");
  for (const Command& command : grammar().commands) expect_distinct(command.options, command.name);
}

TEST(OciGrammar, GivesEveryCommandASummaryAndExamplesThatParse) {
  for (const Command& command : grammar().commands) {
    if (command.summary.empty()) continue;  // not shown
    EXPECT_TRUE(command.summary.ends_with('.')) << command.name;
    ASSERT_FALSE(command.examples.empty()) << command.name;
    for (const std::string_view example : command.examples) {
      std::istringstream words{std::string(example)};
      std::vector<std::string> kept;
      for (std::string word; words >> word;) kept.push_back(word);
      ASSERT_EQ(kept.front(), "caisson-oci");
      std::vector<const char*> arguments;
      for (std::size_t i = 1; i < kept.size(); ++i) arguments.push_back(kept[i].c_str());
      Parsed parsed;
      EXPECT_NO_THROW(parse(grammar(), arguments, parsed)) << example;
      ASSERT_NE(parsed.command, nullptr) << example;
      EXPECT_EQ(parsed.command->name, command.name);
    }
  }
}

TEST(OciGrammar, TakesWhatEnginesWrite) {
  // containerd
  parse_words({"--root", "/r", "--log", "/l", "--log-format", "json", "--systemd-cgroup", "create", "--bundle", "/b",
               "--pid-file", "/p", "--console-socket", "/s", "--no-pivot", "--no-new-keyring", "id"});
  parse_words({"--root", "/r", "exec", "--process", "/x", "--console-socket", "/s", "--detach", "--pid-file", "/p", "id"});
  parse_words({"--root", "/r", "kill", "--all", "id", "9"});
  parse_words({"--root", "/r", "ps", "--format", "json", "id"});
  parse_words({"delete", "--force", "id"});
  parse_words({"run", "-no-subreaper", "--bundle", "/b", "id"});
  // podman and conmon
  parse_words({"--log-format=json", "--log", "/l", "--cgroup-manager", "disabled", "create", "--bundle", "/b", "--pid-file",
               "/p", "--preserve-fds", "2", "id"});
  // CRI-O
  parse_words({"--root=/r", "--systemd-cgroup", "state", "id"});
  parse_words({"--root=/r", "kill", "-a", "id", "15"});
  parse_words({"--root=/r", "kill", "id", "SIGTERM"});
  parse_words({"--criu", "/usr/sbin/criu", "--rootless=false", "list", "--format=json"});
}

TEST(OciGrammar, LeavesTheOptionsOfTheProgramAlone) {
  const Parsed parsed = parse_words({"exec", "-t", "id", "ls", "-l", "--cwd"});
  EXPECT_EQ(parsed.operands.size(), 4U);
  EXPECT_FALSE(parsed.options.has("cwd"));
}

TEST(OciGrammar, NamesWhatComesLater) {
  for (const char* command : {"pause", "resume", "update", "events", "checkpoint", "restore"}) {
    try {
      parse_words({command, "--leave-running", "id"});
      ADD_FAILURE() << command;
    } catch (const Error& error) {
      EXPECT_EQ(error.message(), std::string(command) + " is not part of this version of caisson-oci");
    }
  }
}

TEST(OciGrammar, PutsHelpWithinTheWidthOfATerminal) {
  std::string all = help_text(grammar());
  for (const Command& command : grammar().commands) all += help_text(grammar(), command);
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 110U) << line;
}

}  // namespace
}  // namespace caisson::app::oci
