#include "app/getopt_long.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace caisson::app {
namespace {

constexpr Option kOptions[] = {
    {.name = "mount", .letter = 'm', .argument = "[FILE]", .help = "mount", .letter_is = Letter::Flag},
    {.name = "map-root-user", .letter = 'r', .help = "root"},
    {.name = "map-user", .argument = "UID", .help = "user"},
    {.name = "fork", .letter = 'f', .help = "fork"},
    {.name = "wd", .letter = 'w', .argument = "[DIR]", .help = "directory"},
    {.name = "setuid", .letter = 'S', .argument = "UID", .help = "user"},
};
constexpr Command kFirst{
    .name = "demo", .options = kOptions, .options_end = OptionsEnd::AtFirstOperand, .style = OptionStyle::GetoptLong};
constexpr Command kMixed{.name = "demo", .options = kOptions, .style = OptionStyle::GetoptLong};

Parsed read(const Command& command, std::vector<const char*> words) {
  Parsed out;
  parse(command, words, out);
  return out;
}

std::string message_of(std::vector<const char*> words) {
  try {
    read(kFirst, std::move(words));
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "Try 'demo --help' for more information.");
    return error.message();
  }
  return "accepted";
}

TEST(GetoptLong, ReadsClustersOfLettersAndValuesBehindThem) {
  const Parsed line = read(kFirst, {"-rfS5", "-w=/a", "prog"});
  EXPECT_TRUE(line.options.flag("map-root-user"));
  EXPECT_TRUE(line.options.flag("fork"));
  EXPECT_EQ(line.options.value("setuid"), "5");
  EXPECT_EQ(line.options.value("wd"), "=/a");  // as getopt: the sign belongs to the value of a letter
  EXPECT_EQ(line.operands.size(), 1U);
}

TEST(GetoptLong, ALetterThatIsAFlagLeavesWhatFollowsToTheNextLetter) {
  const Parsed line = read(kFirst, {"-mf"});
  EXPECT_TRUE(line.options.has("mount"));
  EXPECT_FALSE(line.options.value("mount").has_value());
  EXPECT_TRUE(line.options.flag("fork"));
  EXPECT_EQ(read(kFirst, {"--mount=/f"}).options.value("mount"), "/f");
}

TEST(GetoptLong, AValueThatMayBeLeftOutIsNeverTheNextWord) {
  const Parsed line = read(kFirst, {"--mount", "/f"});
  EXPECT_FALSE(line.options.value("mount").has_value());
  EXPECT_EQ(line.operands.front(), "/f");
}

TEST(GetoptLong, TakesTheUnambiguousBeginningOfALongName) {
  EXPECT_TRUE(read(kFirst, {"--map-r"}).options.flag("map-root-user"));
  EXPECT_EQ(read(kFirst, {"--setu", "7"}).options.value("setuid"), "7");
  EXPECT_EQ(message_of({"--map-"}), "option '--map-' is ambiguous; possibilities: '--map-root-user' '--map-user'");
}

TEST(GetoptLong, StopsAtTheFirstOperandOnlyWhereTheCommandSaysSo) {
  EXPECT_EQ(read(kFirst, {"prog", "-f"}).operands.size(), 2U);
  const Parsed mixed = read(kMixed, {"prog", "-f", "--", "-r"});
  EXPECT_TRUE(mixed.options.flag("fork"));
  EXPECT_EQ(mixed.operands.size(), 2U);
}

TEST(GetoptLong, SaysWhatTheGnuLibrarySays) {
  EXPECT_EQ(message_of({"--nothing"}), "unrecognized option '--nothing'");
  EXPECT_EQ(message_of({"-x"}), "invalid option -- 'x'");
  EXPECT_EQ(message_of({"--setuid"}), "option '--setuid' requires an argument");
  EXPECT_EQ(message_of({"-S"}), "option requires an argument -- 'S'");
  EXPECT_EQ(message_of({"--fork=1"}), "option '--fork' doesn't allow an argument");
}

TEST(GetoptLong, HelpIsKnownWithoutARow) {
  EXPECT_TRUE(read(kFirst, {"--help"}).help);
  EXPECT_TRUE(read(kFirst, {"-fh"}).help);
}

}  // namespace
}  // namespace caisson::app
