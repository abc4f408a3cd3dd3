// What the word at the cursor of a shell may become, from the tables of options.hpp alone: commands, options with their help,
// and which kind of live words fit. The shells ask by a hidden command of the program itself (`PROGRAM __complete -- WORD...`),
// so a new option is completed without a new completion file. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"

namespace caisson::app {

inline constexpr std::string_view kCompleteCommand = "__complete";

// The live words that fit.
enum class Wanted : std::uint8_t {
  Nothing,
  Files,
  Directories,
  CommandLine,  // another program and its arguments, from the word Completion::command_at on
  Containers,
  Pids,
  Targets,  // processes, containers, pins, files of namespaces: inspect/target.hpp
  Pins,
  Kinds,
  Users,
  Signals,
  Capabilities,
  Images,
  Networks,
};
// By the name that help gives to an operand or to the value of an option: "DIR", "[FILE]", "USER[:GROUP]", "SRC:DST[:OPTS]".
Wanted wanted_by_name(std::string_view name);

struct Candidate {
  std::string word;
  std::string help;  // one line, or empty
};

struct Completion {
  std::vector<Candidate> candidates;  // those that begin with the last word, whole
  Wanted wanted = Wanted::Nothing;    // live words besides
  std::string ahead;                  // what of the last word stays before a live word: "--from="
  std::string begun;                  // and what a live word begins with
  std::size_t command_at = 0;
  std::string root;  // the value of a global --root
};

// words: those behind the program's name up to the cursor; the last one is to be completed and may be empty.
Completion complete(const Program& program, std::span<const std::string_view> words);

// What a shell reads: one line that says what else fits ("words", "files", "directories", "command N"), then one line for each
// word, with a tab before its help. Words that a shell would read as more than a word are left out.
std::string completion_lines(const Completion& completion, std::span<const Candidate> live);

}  // namespace caisson::app
