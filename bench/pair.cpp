// pair: compares commands fairly on a machine whose speed drifts. Every round runs each command once, in random order, and
// ratios are taken within a round, so that drift meets all of them alike. Wall time is from spawn to wait4; CPU time is the
// rusage of the tree that was waited for (work the kernel does later, in its own threads, is in neither).
//
//   pair [--rounds N] [--warmup N] [--gap MS[,MS...]] [--json FILE] [--seed N] -- [@LABEL] COMMAND... [-- [@LABEL]
//   COMMAND...]...
//
// `{}` in a word is replaced by the number of the run. With several gaps each is a session of its own: a kernel that was just
// used for the same thing takes short cuts, so commands are also measured with idle time before each run.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string_view>

#include "pair_report.hpp"

extern char** environ;

namespace {

using bench::Command;
using bench::Run;
using bench::Session;

struct Options {
  int rounds = 60, warmup = 5;
  std::vector<int> gaps_ms{0};
  unsigned seed = 1;
  std::string json;
  std::vector<Command> commands;
};

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(
      stderr,
      "pair: %s\nusage: pair [--rounds N] [--warmup N] [--gap MS[,MS...]] [--json FILE] [--seed N] -- [@LABEL] COMMAND...\n",
      why.c_str());
  std::exit(2);
}

int number_of(std::string_view text, const std::string& option) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0)
    refuse(option + ": not a number: " + std::string(text));
  return value;
}

std::vector<int> numbers_of(std::string_view text, const std::string& option) {
  std::vector<int> numbers;
  while (true) {
    const std::size_t comma = text.find(',');
    numbers.push_back(number_of(text.substr(0, comma), option));
    if (comma == std::string_view::npos) return numbers;
    text.remove_prefix(comma + 1);
  }
}

int read_options(int argc, char** argv, Options& options) {
  int at = 1;
  for (; at < argc && std::strcmp(argv[at], "--") != 0; at += 2) {
    const std::string option = argv[at];
    if (at + 1 >= argc) refuse(option + ": a value is missing");
    const char* value = argv[at + 1];
    if (option == "--rounds")
      options.rounds = std::max(1, number_of(value, option));
    else if (option == "--warmup")
      options.warmup = number_of(value, option);
    else if (option == "--gap")
      options.gaps_ms = numbers_of(value, option);
    else if (option == "--seed")
      options.seed = static_cast<unsigned>(number_of(value, option));
    else if (option == "--json")
      options.json = value;
    else
      refuse("unknown option " + option);
  }
  return at;
}

void read_commands(int at, int argc, char** argv, Options& options) {
  for (; at < argc; ++at) {
    if (std::strcmp(argv[at], "--") == 0)
      options.commands.emplace_back();
    else if (options.commands.back().words.empty() && options.commands.back().label.empty() && argv[at][0] == '@')
      options.commands.back().label = argv[at] + 1;
    else
      options.commands.back().words.emplace_back(argv[at]);
  }
  if (options.commands.empty()) refuse("no command");
  for (Command& command : options.commands) {
    if (command.words.empty()) refuse("a command is empty");
    if (command.label.empty()) command.label = command.words.front().substr(command.words.front().rfind('/') + 1);
  }
}

double monotonic_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

void idle(int gap_ms) {
  const timespec pause{gap_ms / 1000, (gap_ms % 1000) * 1000000L};
  if (gap_ms > 0) nanosleep(&pause, nullptr);
}

std::vector<std::string> numbered(const Command& command, unsigned long run) {
  std::vector<std::string> words = command.words;
  for (std::string& word : words)
    for (std::size_t at = word.find("{}"); at != std::string::npos; at = word.find("{}", at))
      word.replace(at, 2, std::to_string(run));
  return words;
}

Run run_once(const Command& command, const posix_spawn_file_actions_t& streams, unsigned long number) {
  std::vector<std::string> words = numbered(command, number);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  rusage used{};
  int status = 0;
  const double started = monotonic_ms();
  if (const int error = posix_spawnp(&pid, argv[0], &streams, nullptr, argv.data(), environ); error != 0)
    refuse(words.front() + ": " + std::strerror(error));
  while (wait4(pid, &status, 0, &used) < 0) {
  }
  return {monotonic_ms() - started, milliseconds(used.ru_utime) + milliseconds(used.ru_stime), status != 0};
}

Session measure(const Options& options, int gap_ms, const posix_spawn_file_actions_t& streams, unsigned long& number) {
  Session session{gap_ms, std::vector<std::vector<Run>>(options.commands.size())};
  std::mt19937 random(options.seed);
  std::vector<std::size_t> order(options.commands.size());
  for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
  for (int round = -options.warmup; round < options.rounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t command : order) {
      idle(gap_ms);
      const Run run = run_once(options.commands[command], streams, number++);
      if (round >= 0) session.runs[command].push_back(run);
    }
  }
  return session;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  read_commands(read_options(argc, argv, options), argc, argv, options);
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_addopen(&streams, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&streams, 1, "/dev/null", O_WRONLY, 0);
  std::vector<Session> sessions;
  std::vector<std::vector<bench::Row>> tables;
  unsigned long number = 0;
  bool failed = false;
  for (const int gap_ms : options.gaps_ms) {
    sessions.push_back(measure(options, gap_ms, streams, number));
    tables.push_back(summarize(options.commands, sessions.back()));
    print_table(sessions.back(), tables.back());
    std::fflush(stdout);
    for (const bench::Row& row : tables.back()) failed = failed || row.failures > 0;
  }
  if (!options.json.empty() && !write_json(options.json, sessions, tables)) {
    std::perror(options.json.c_str());
    return 1;
  }
  return failed ? 1 : 0;
}
