#include "app/options.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.hpp"

namespace caisson::app {
namespace {

constexpr Option kGlobal[] = {
    {.name = "root", .argument = "DIR", .help = "state"},
    {.name = "debug", .help = "more"},
    {.name = "version", .letter = 'v', .help = "versions"},
    {.name = "version", .letter = 'V'},
};
constexpr Option kRun[] = {
    {.name = "bundle", .letter = 'b', .argument = "DIR", .help = "bundle"},
    {.name = "detach", .letter = 'd', .help = "detach"},
    {.name = "interactive", .letter = 'i', .help = "stdin"},
    {.name = "tty", .letter = 't', .help = "terminal"},
    {.name = "no-subreaper", .help = "none"},
    {.name = "preserve-fds", .argument = "N", .help = "number"},
    {.name = "env", .letter = 'e', .argument = "NAME=VALUE", .help = "variable", .times = Times::Many},
    {.name = "volume", .letter = 'V', .argument = "SPEC", .help = "volume", .times = Times::Many},
    {.name = "mount", .letter = 'm', .argument = "[FILE]", .help = "maybe a file"},
};
constexpr std::string_view kExamples[] = {"demo run -b /x ID"};
constexpr Command kCommands[] = {
    {.name = "run",
     .operands = "ID",
     .summary = "Run it.",
     .options = kRun,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kExamples},
    {.name = "exec",
     .operands = "ID COMMAND...",
     .summary = "Exec it.",
     .options = kRun,
     .least_operands = 1,
     .most_operands = kAnyNumber,
     .options_end = OptionsEnd::AtFirstOperand},
    {.name = "secret", .operands = "", .options = kRun},
};
constexpr Command kInnerCommands[] = {{.name = "ls", .summary = "List.", .options = kRun, .most_operands = 1}};
constexpr Program kInner{.name = "demo ns", .summary = "Inner.", .commands = kInnerCommands};
constexpr Command kOuterCommands[] = {{.name = "ns", .summary = "Namespaces.", .commands = &kInner}};
constexpr Program kOuter{.name = "demo", .summary = "Demo.", .options = kGlobal, .commands = kOuterCommands};
constexpr std::string_view kAbsent[] = {"pause"};
constexpr Program kDemo{
    .name = "demo", .summary = "Demo.", .options = kGlobal, .commands = kCommands, .absent = kAbsent, .examples = kExamples};

Parsed parse_words(const std::vector<const char*>& words) {
  Parsed out;
  parse(kDemo, words, out);
  return out;
}

Error error_of(const std::vector<const char*>& words) {
  try {
    parse_words(words);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "accepted";
  return Error(ErrorKind::Usage, "none");
}

using Words = std::vector<std::string_view>;

TEST(Options, TakesAValueInEveryWayItIsWritten) {
  for (const std::vector<const char*>& way : std::vector<std::vector<const char*>>{{"run", "--bundle", "/b", "x"},
                                                                                   {"run", "--bundle=/b", "x"},
                                                                                   {"run", "-bundle", "/b", "x"},
                                                                                   {"run", "-bundle=/b", "x"},
                                                                                   {"run", "-b", "/b", "x"},
                                                                                   {"run", "-b/b", "x"},
                                                                                   {"run", "-b=/b", "x"},
                                                                                   {"run", "x", "--bundle", "/b"},
                                                                                   {"run", "x", "-b/b"}}) {
    const Parsed parsed = parse_words(way);
    EXPECT_EQ(parsed.options.text("bundle"), "/b") << way[1];
    EXPECT_EQ(parsed.operands, Words{"x"}) << way[1];
  }
}

TEST(Options, TakesLongFlagsWithOneDash) {
  EXPECT_TRUE(parse_words({"run", "-no-subreaper", "x"}).options.flag("no-subreaper"));
}

TEST(Options, TakesTheWordsOfGoForTrueAndFalse) {
  EXPECT_TRUE(parse_words({"run", "--detach=true", "x"}).options.flag("detach"));
  EXPECT_TRUE(parse_words({"run", "-d=1", "x"}).options.flag("detach"));
  EXPECT_FALSE(parse_words({"run", "--detach=false", "x"}).options.flag("detach"));
  EXPECT_FALSE(parse_words({"run", "-d", "--detach=F", "x"}).options.flag("detach"));
  EXPECT_STREQ(error_of({"run", "--detach=maybe", "x"}).what(), "option --detach is true or false, not \"maybe\"");
  EXPECT_STREQ(error_of({"run", "-d=maybe", "x"}).what(), "option -d is true or false, not \"maybe\"");
}

TEST(Options, TakesSeveralLettersInOneWord) {
  const Parsed parsed = parse_words({"run", "-itb/b", "x"});
  EXPECT_TRUE(parsed.options.flag("interactive"));
  EXPECT_TRUE(parsed.options.flag("tty"));
  EXPECT_EQ(parsed.options.text("bundle"), "/b");
}

TEST(Options, KeepsGlobalOptionsApart) {
  const Parsed parsed = parse_words({"--root=/r", "--debug", "-v", "run", "-V", "a:b", "x"});
  EXPECT_EQ(parsed.global.text("root"), "/r");
  EXPECT_TRUE(parsed.global.flag("debug"));
  EXPECT_TRUE(parsed.global.flag("version"));
  EXPECT_FALSE(parsed.options.has("root"));
  EXPECT_EQ(parsed.options.text("volume"), "a:b");
  EXPECT_TRUE(parse_words({"-V"}).global.flag("version"));
}

TEST(Options, StopsAtTheFirstOperandWhereTheRestIsAProgram) {
  const Parsed parsed = parse_words({"exec", "-t", "x", "ls", "-b", "--", "--detach"});
  EXPECT_TRUE(parsed.options.flag("tty"));
  EXPECT_FALSE(parsed.options.has("bundle"));
  EXPECT_EQ(parsed.operands, (Words{"x", "ls", "-b", "--", "--detach"}));
}

TEST(Options, EndsAtTwoDashes) {
  const Parsed parsed = parse_words({"run", "--tty", "--", "--detach"});
  EXPECT_EQ(parsed.operands, Words{"--detach"});
  EXPECT_FALSE(parsed.options.flag("detach"));
}

TEST(Options, TakesASingleDashAsAValueAndAsAnOperand) {
  EXPECT_EQ(parse_words({"run", "--bundle", "-", "x"}).options.text("bundle"), "-");
  EXPECT_EQ(parse_words({"run", "-"}).operands, Words{"-"});
}

TEST(Options, KeepsTheOrderOfRepeatedValuesAndTheLastOfOthers) {
  const Parsed parsed = parse_words({"run", "-eA=1", "-b", "/1", "-V", "v", "--env", "B=2", "-b/2", "x"});
  EXPECT_EQ(parsed.options.values("env"), (Words{"A=1", "B=2"}));
  EXPECT_EQ(parsed.options.text("bundle"), "/2");
  std::vector<std::string_view> names;
  for (const Given& given : parsed.options.all()) names.push_back(given.option->name);
  EXPECT_EQ(names, (Words{"env", "bundle", "volume", "env", "bundle"}));
}

TEST(Options, LetsAnOptionalValueBeLeftOut) {
  EXPECT_EQ(parse_words({"run", "--mount", "x"}).options.value("mount"), std::nullopt);
  EXPECT_TRUE(parse_words({"run", "-m", "x"}).options.flag("mount"));
  EXPECT_EQ(parse_words({"run", "--mount=/f", "x"}).options.value("mount"), "/f");
  EXPECT_EQ(parse_words({"run", "-m/f", "x"}).options.value("mount"), "/f");
}

TEST(Options, TakesAnEmptyValue) { EXPECT_EQ(parse_words({"run", "--bundle=", "x"}).options.value("bundle"), ""); }

TEST(Options, NamesAnUnknownOptionAndTheNearestKnownOne) {
  const Error error = error_of({"run", "--bundel", "/b", "x"});
  EXPECT_EQ(error.kind(), ErrorKind::Usage);
  EXPECT_EQ(error.message(), "unknown option --bundel for run");
  EXPECT_EQ(error.hint(), "did you mean --bundle");
  EXPECT_EQ(error_of({"--rot", "/r"}).hint(), "did you mean --root");
  EXPECT_EQ(error_of({"run", "-x"}).message(), "unknown option -x for run");
  EXPECT_EQ(error_of({"run", "-tx"}).message(), "unknown option -x for run");
  EXPECT_EQ(error_of({"run", "--quite-different"}).hint(), "--help lists the options");
}

TEST(Options, SaysWhereAGlobalOptionBelongs) {
  EXPECT_EQ(error_of({"run", "x", "--root", "/r"}).hint(), "--root goes before the command");
}

TEST(Options, NamesAMissingValue) {
  EXPECT_STREQ(error_of({"run", "x", "--bundle"}).what(), "option --bundle needs a value: DIR");
  EXPECT_STREQ(error_of({"run", "x", "-b"}).what(), "option -b needs a value: DIR");
}

TEST(Options, CountsOperands) {
  EXPECT_STREQ(error_of({"run"}).what(), "run misses an argument");
  EXPECT_EQ(error_of({"run", "a", "b"}).message(), "run was given too many arguments");
  EXPECT_EQ(error_of({"run"}).hint(), "usage: run [OPTION...] ID");
}

TEST(Options, NamesAnUnknownCommandAndTheNearestKnownOne) {
  EXPECT_EQ(error_of({"rnu"}).message(), "unknown command \"rnu\"");
  EXPECT_EQ(error_of({"rnu"}).hint(), "did you mean run");
  EXPECT_EQ(error_of({"pause", "--any", "x"}).message(), "pause is not part of this version of demo");
}

TEST(Options, AsksForHelpInEveryPlace) {
  EXPECT_TRUE(parse_words({"--help"}).help);
  EXPECT_TRUE(parse_words({"help"}).help);
  const Parsed parsed = parse_words({"help", "run"});
  EXPECT_TRUE(parsed.help);
  ASSERT_NE(parsed.command, nullptr);
  EXPECT_EQ(parsed.command->name, "run");
  EXPECT_TRUE(parse_words({"run", "-h"}).help);
  EXPECT_TRUE(parse_words({"run", "--help", "a", "b"}).help);
  EXPECT_FALSE(parse_words({"exec", "x", "ls", "--help"}).help);
}

TEST(Options, ReadsNumbersWholly) {
  EXPECT_EQ(parse_words({"run", "--preserve-fds", "3", "x"}).options.number("preserve-fds"), 3U);
  EXPECT_EQ(parse_words({"run", "x"}).options.number("preserve-fds"), std::nullopt);
  const Parsed parsed = parse_words({"run", "--preserve-fds", "3x", "x"});
  EXPECT_THROW(parsed.options.number("preserve-fds"), Error);
}

TEST(Options, WorksForAProgramWithoutCommands) {
  const std::vector<const char*> words{"-d", "x"};
  Parsed parsed;
  parse(kCommands[0], words, parsed);
  EXPECT_TRUE(parsed.options.flag("detach"));
  EXPECT_EQ(parsed.operands, Words{"x"});
}

TEST(Options, KeepsWhatStoodBeforeAnError) {
  const std::vector<const char*> words{"--root", "/r", "exec", "-t", "--nonsense"};
  Parsed parsed;
  EXPECT_THROW(parse(kDemo, words, parsed), Error);
  EXPECT_EQ(parsed.global.text("root"), "/r");
  ASSERT_NE(parsed.command, nullptr);
  EXPECT_EQ(parsed.command->name, "exec");
}

TEST(Help, ShowsWhatTheTablesHold) {
  const std::string text = help_text(kDemo, kCommands[0]);
  EXPECT_NE(text.find("Usage: demo [GLOBAL OPTION...] run [OPTION...] ID\n\nRun it.\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  -b, --bundle DIR"), std::string::npos) << text;
  EXPECT_NE(text.find("      --preserve-fds N"), std::string::npos) << text;
  EXPECT_NE(text.find("  -e, --env NAME=VALUE..."), std::string::npos) << text;
  EXPECT_NE(text.find("  -m, --mount[=FILE]"), std::string::npos) << text;
  EXPECT_NE(text.find("  -h, --help "), std::string::npos) << text;
  EXPECT_NE(text.find("Examples:\n  demo run -b /x ID\n"), std::string::npos) << text;
}

TEST(Help, LeavesOutWhatHasNoWords) {
  const std::string text = help_text(kDemo);
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  EXPECT_EQ(text.find("-V"), std::string::npos) << text;
  EXPECT_NE(text.find("  exec  Exec it.\n"), std::string::npos) << text;
}

TEST(Options, ACommandMayHaveCommandsOfItsOwn) {
  Parsed out;
  parse(kOuter, std::vector<const char*>{"--root", "/r", "ns", "ls", "-t", "x"}, out);
  EXPECT_EQ(out.program, &kInner);
  EXPECT_EQ(out.command->name, "ls");
  EXPECT_EQ(out.global.value("root"), "/r");
  EXPECT_TRUE(out.options.flag("tty"));
  EXPECT_EQ(out.operands.front(), "x");
  Parsed help;
  parse(kOuter, std::vector<const char*>{"ns", "--help"}, help);
  EXPECT_TRUE(help.help);
  EXPECT_EQ(help.command, nullptr);
  EXPECT_EQ(help_text(*help.program).substr(0, 40), "Usage: demo ns COMMAND [OPTION...] [ARGU");
}

}  // namespace
}  // namespace caisson::app
