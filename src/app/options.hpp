// Command lines as tables. A Program is its global options and its commands; a Command is its options, its operands and its
// examples. The same tables feed the parser, --help, the shell completion and the manual's check.
// Accepted, since engines written in Go and people used to GNU write all of these: `--name value`, `--name=value`, the same
// with one dash, `--flag=true|false`, `-bVALUE`, `-b=VALUE`, `-it` for two flags, `--` as the end of options. When an option is
// given twice the last one counts, except where it may be repeated. Values keep their order and point into argv.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::app {

enum class Times : std::uint8_t { Once, Many };

// Whether the short form takes the argument too. util-linux: `unshare --mount[=FILE]`, but `-m` is a flag.
enum class Letter : std::uint8_t { TakesArgument, Flag };

struct Option {
  std::string_view name;           // without dashes
  char letter = 0;                 // 0: no short form
  std::string_view argument = {};  // what the value is called in --help: "DIR"; "[DIR]" may be left out; empty: a flag
  std::string_view help = {};      // empty: accepted but not shown
  Times times = Times::Once;
  Letter letter_is = Letter::TakesArgument;
};

// Every program and command has it unless its table says otherwise.
inline constexpr Option kHelpOption{.name = "help", .letter = 'h', .help = "show this text"};

// Whether options may follow the first operand. AtFirstOperand is for commands that pass the rest on to a program.
enum class OptionsEnd : std::uint8_t { AtDashes, AtFirstOperand };

// Field: as said above. GetoptLong: exactly what getopt_long(3) of the GNU C library accepts, with its messages, for commands
// that stand in for a program of util-linux.
enum class OptionStyle : std::uint8_t { Field, GetoptLong };

struct Program;

struct Command {
  std::string_view name;
  std::string_view operands = {};  // for the usage line: "ID [SIGNAL]"
  std::string_view summary = {};   // one sentence; empty: accepted but not shown
  std::span<const Option> options = {};
  unsigned least_operands = 0, most_operands = 0;
  OptionsEnd options_end = OptionsEnd::AtDashes;
  std::span<const std::string_view> examples = {};  // whole command lines
  OptionStyle style = OptionStyle::Field;
  const Program* commands =
      nullptr;  // of a command that has commands of its own (`caisson ns ls`): all but its name and summary
};

inline constexpr unsigned kAnyNumber = ~0U;

struct Program {
  std::string_view name;
  std::string_view summary;
  std::span<const Option> options = {};  // before the command
  std::span<const Command> commands = {};
  std::span<const std::string_view> absent = {};  // commands of the field that this version lacks: named, not "unknown"
  std::span<const std::string_view> examples = {};
};

struct Given {
  const Option* option;
  std::optional<std::string_view> value;  // none: a flag that was set, or an optional value that was left out
};

// The options found in one scope, in their order on the command line. Names are those of the table.
class OptionValues {
 public:
  void reserve(std::size_t count) { all_.reserve(count); }
  void add(Given given) { all_.push_back(given); }
  const std::vector<Given>& all() const noexcept { return all_; }
  bool has(std::string_view name) const noexcept { return last(name) != nullptr; }
  // A flag: whether it is set; `--flag=false` given last unsets it.
  bool flag(std::string_view name) const noexcept;
  std::optional<std::string_view> value(std::string_view name) const noexcept;
  // Empty when the option was not given.
  std::string text(std::string_view name) const { return std::string(value(name).value_or(std::string_view())); }
  std::vector<std::string_view> values(std::string_view name) const;
  // Throws Error{Usage} naming the option for anything that is no decimal number.
  std::optional<unsigned> number(std::string_view name) const;
  // Throws Error{Usage} naming the option for anything but "true" and "false".
  std::optional<bool> truth(std::string_view name) const;

 private:
  const Given* last(std::string_view name) const noexcept;

  std::vector<Given> all_;
};

struct Parsed {
  OptionValues global;
  const Program* program = nullptr;  // the innermost one whose commands were looked through; none for a lone command
  const Command* command = nullptr;  // of `program`; none: only global options were given
  OptionValues options;
  std::vector<std::string_view> operands;
  bool dashes_before_operands = false;  // "--" stands before the first operand
  bool help = false;  // -h or --help, or the word "help" in the place of the command; nothing else was checked
};

// The arguments are argv without its first entry. Throws Error{Usage} with the nearest known name as its hint; what was read
// until then is in `out`, so that the error can go to the log that the same line names.
void parse(const Program& program, std::span<const char* const> arguments, Parsed& out);
// For a program without commands, and for the commands of a command (`caisson ns ls`).
void parse(const Command& command, std::span<const char* const> arguments, Parsed& out);

std::string help_text(const Program& program);
std::string help_text(const Program& program, const Command& command);
// For a program without commands.
std::string help_text(const Command& command);

}  // namespace caisson::app
