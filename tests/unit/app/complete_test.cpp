#include "app/complete.hpp"

#include <gtest/gtest.h>

namespace caisson::app {
namespace {

constexpr Option kGlobal[] = {
    {.name = "root", .argument = "DIR", .help = "state"},
    {.name = "version", .letter = 'v', .help = "version"},
    {.name = "old", .argument = "X"},
};
constexpr Option kRun[] = {
    {.name = "user", .letter = 'u', .argument = "USER[:GROUP]", .help = "who"},
    {.name = "net", .argument = "host|none", .help = "network"},
    {.name = "env", .letter = 'e', .argument = "K[=V]", .help = "variable", .times = Times::Many},
    {.name = "interactive", .letter = 'i', .help = "keep stdin"},
    {.name = "mount", .letter = 'm', .argument = "[FILE]", .help = "mounts", .letter_is = Letter::Flag},
    {.name = "hidden"},
};
constexpr Option kPin[] = {
    {.name = "from", .letter = 'f', .argument = "TARGET", .help = "from"},
    {.name = "ns", .argument = "KIND=TARGET", .help = "join", .times = Times::Many},
    {.name = "kind", .letter = 'k', .argument = "KIND", .help = "kind", .times = Times::Many},
};
constexpr Command kNsCommands[] = {
    {.name = "pin", .operands = "NAME", .summary = "pin", .options = kPin, .most_operands = 1},
    {.name = "rm", .operands = "NAME...", .summary = "remove", .most_operands = kAnyNumber},
};
constexpr Program kNs{.name = "tool ns", .summary = "", .commands = kNsCommands};
constexpr Command kCommands[] = {
    {.name = "run",
     .operands = "[CMD [ARG...]]",
     .summary = "run",
     .options = kRun,
     .most_operands = kAnyNumber,
     .options_end = OptionsEnd::AtFirstOperand},
    {.name = "exec",
     .operands = "ID [COMMAND [ARG...]]",
     .summary = "exec",
     .options = kRun,
     .most_operands = kAnyNumber,
     .options_end = OptionsEnd::AtFirstOperand},
    {.name = "kill", .operands = "ID [SIGNAL]", .summary = "kill", .most_operands = 2},
    {.name = "diff", .operands = "A B", .summary = "diff", .most_operands = 2},
    {.name = "ns", .summary = "ns", .commands = &kNs},
    {.name = "secret", .most_operands = kAnyNumber},
};
constexpr Program kTool{.name = "tool", .summary = "", .options = kGlobal, .commands = kCommands};

Completion after(const std::vector<std::string_view>& words) { return complete(kTool, words); }

std::string words_of(const Completion& completion) {
  std::string out;
  for (const Candidate& candidate : completion.candidates) out += (out.empty() ? "" : " ") + candidate.word;
  return out;
}

TEST(Complete, OffersCommandsButNotHiddenOnes) {
  EXPECT_EQ(words_of(after({""})), "run exec kill diff ns");
  EXPECT_EQ(words_of(after({"--version", "r"})), "run");
  EXPECT_EQ(words_of(after({"ns", ""})), "pin rm");
  EXPECT_EQ(words_of(after({"no-such", ""})), "run exec kill diff ns");
  EXPECT_EQ(words_of(complete(kTool, {})), "run exec kill diff ns");
}

TEST(Complete, OffersOptionsWithTheirHelpOnceUnlessTheyRepeat) {
  EXPECT_EQ(words_of(after({"--"})), "--root --version --help");
  EXPECT_EQ(words_of(after({"run", "--"})), "--user --net --env --interactive --mount --help");
  EXPECT_EQ(words_of(after({"run", "-i", "--user", "ada", "-e", "A=1", "--"})), "--net --env --mount --help");
  EXPECT_EQ(words_of(after({"run", "-"})), "--user -u --net --env -e --interactive -i --mount -m --help");
  EXPECT_EQ(words_of(after({"ns", "pin", "x", "--f"})), "--from");
  EXPECT_EQ(after({"run", "--us"}).candidates.front().help, "who");
}

TEST(Complete, KnowsWhatAnOptionTakes) {
  EXPECT_EQ(after({"run", "--user", ""}).wanted, Wanted::Users);
  EXPECT_EQ(after({"run", "-u", "a"}).wanted, Wanted::Users);
  EXPECT_EQ(after({"run", "-iu", "a"}).wanted, Wanted::Users);
  EXPECT_EQ(after({"--root", ""}).wanted, Wanted::Directories);
  EXPECT_EQ(after({"ns", "pin", "x", "--kind", "n"}).wanted, Wanted::Kinds);
  EXPECT_EQ(words_of(after({"run", "--net", ""})), "host none");
  EXPECT_EQ(words_of(after({"run", "--net=h"})), "--net=host");
  EXPECT_EQ(wanted_by_name("NETWORK[:ip=A,mac=M,ifname=N]"), Wanted::Networks);
  const Completion attached = after({"ns", "pin", "x", "--from=net:b"});
  EXPECT_EQ(attached.wanted, Wanted::Targets);
  EXPECT_EQ(attached.ahead, "--from=");
  EXPECT_EQ(attached.begun, "net:b");
}

TEST(Complete, TakesAKindAndATargetForTwoWords) {
  EXPECT_EQ(after({"ns", "pin", "x", "--ns", "n"}).wanted, Wanted::Kinds);
  const Completion apart = after({"ns", "pin", "x", "--ns", "net=bl"});
  EXPECT_EQ(apart.wanted, Wanted::Targets);
  EXPECT_EQ(apart.ahead + "|" + apart.begun, "net=|bl");
  const Completion attached = after({"ns", "pin", "x", "--ns=net=bl"});
  EXPECT_EQ(attached.ahead + "|" + attached.begun, "--ns=net=|bl");
}

TEST(Complete, LeavesAnOptionalValueToTheEqualsSign) {
  EXPECT_EQ(after({"run", "--mount=/x"}).wanted, Wanted::Files);
  EXPECT_EQ(after({"run", "--mount", ""}).wanted, Wanted::CommandLine);
  EXPECT_EQ(after({"run", "-m", ""}).wanted, Wanted::CommandLine);
}

TEST(Complete, KnowsOperandsByTheirPlace) {
  EXPECT_EQ(after({"kill", ""}).wanted, Wanted::Containers);
  EXPECT_EQ(after({"kill", "web", "T"}).wanted, Wanted::Signals);
  EXPECT_EQ(after({"kill", "web", "TERM", ""}).wanted, Wanted::Nothing);
  EXPECT_EQ(after({"diff", "1", ""}).wanted, Wanted::Targets);
  EXPECT_EQ(after({"ns", "rm", "a", "b", "c"}).wanted, Wanted::Pins);
}

TEST(Complete, HandsTheCommandLineOfAnotherProgramOn) {
  EXPECT_EQ(after({"run", "l"}).command_at, 1U);
  EXPECT_EQ(after({"run", "-i", "ls", "-"}).command_at, 2U);
  EXPECT_EQ(after({"run", "-i", "ls", "-"}).wanted, Wanted::CommandLine);
  EXPECT_EQ(after({"run", "--", "ls", "--us"}).command_at, 2U);
  EXPECT_EQ(after({"exec", "w"}).wanted, Wanted::Containers);
  EXPECT_EQ(after({"exec", "web", "s"}).command_at, 2U);
  EXPECT_EQ(after({"exec", "-i", "web", "sh", "-"}).command_at, 3U);
}

TEST(Complete, RemembersTheRootOfTheState) {
  EXPECT_EQ(after({"--root", "/r", "kill", ""}).root, "/r");
  EXPECT_EQ(after({"--root=/s", "kill", ""}).root, "/s");
}

TEST(Complete, WritesOneLineForEachWordAndNoControlCharacters) {
  const Completion from = after({"ns", "pin", "x", "--from=w"});
  const std::vector<Candidate> live{{"web", "container\n2"}, {"other", ""}, {"w\nx", ""}, {"w$(reboot)", ""}, {"w1", ""}};
  EXPECT_EQ(completion_lines(from, live), "words\n--from=web\tcontainer?2\n--from=w1\n");
  EXPECT_EQ(completion_lines(after({"ns", "pin", "x", "--from", "/pr"}), {}), "files\n");
  EXPECT_EQ(completion_lines(after({"run", "-i", "l"}), {}), "command 2\n");
  EXPECT_EQ(completion_lines(after({"--root", ""}), {}), "directories\n");
}

}  // namespace
}  // namespace caisson::app
