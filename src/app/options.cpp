#include "app/options.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/getopt_long.hpp"
#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace caisson::app {

namespace {

// The words that Go's flag packages take for a flag.
constexpr std::array<std::string_view, 6> kTrueWords{"true", "True", "TRUE", "t", "T", "1"};
constexpr std::array<std::string_view, 6> kFalseWords{"false", "False", "FALSE", "f", "F", "0"};

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

enum class TakesValue : std::uint8_t { No, Yes, IfAttached };

TakesValue takes_value(const Option& option) {
  if (option.argument.empty()) return TakesValue::No;
  return option.argument.front() == '[' ? TakesValue::IfAttached : TakesValue::Yes;
}

// One set of options against which words are read: the program's own or those of a command.
struct Scope {
  std::span<const Option> options;
  std::string_view command;               // for messages; empty: the program's own
  std::span<const Option> outer_options;  // of the program, when reading a command's
};

const Option* find_name(std::span<const Option> options, std::string_view name) {
  const auto found = std::ranges::find(options, name, &Option::name);
  return found == options.end() ? nullptr : &*found;
}

const Option* find_name(const Scope& scope, std::string_view name) {
  const Option* found = find_name(scope.options, name);
  return found == nullptr && name == kHelpOption.name ? &kHelpOption : found;
}

const Option* find_letter(const Scope& scope, char letter) {
  const auto found = std::ranges::find(scope.options, letter, &Option::letter);
  if (found != scope.options.end()) return &*found;
  return letter == kHelpOption.letter ? &kHelpOption : nullptr;
}

[[noreturn]] void fail_unknown(const Scope& scope, std::string_view written, std::string_view name) {
  const std::string where = scope.command.empty() ? std::string() : text::join(" for ", scope.command);
  Error error(ErrorKind::Usage, text::join("unknown option ", written, where));
  if (find_name(scope.outer_options, name) != nullptr) {
    throw std::move(error).with_hint(text::join("--", name, " goes before the command"));
  }
  std::vector<std::string_view> known;
  for (const Option& option : scope.options)
    if (!option.help.empty()) known.push_back(option.name);
  known.push_back(kHelpOption.name);
  const std::string_view near = text::nearest(name, known);
  if (!near.empty()) throw std::move(error).with_hint(text::join("did you mean --", near));
  throw std::move(error).with_hint("--help lists the options");
}

// Reads options word by word.
class Reader {
 public:
  explicit Reader(std::span<const char* const> arguments) : arguments_(arguments) {}

  // Room for everything at once: each growth of a vector costs a page of the allocator's.
  std::size_t words_left() const { return arguments_.size() - next_; }
  bool at_end() const { return next_ == arguments_.size(); }
  std::span<const char* const> rest() const { return arguments_.subspan(next_); }
  std::string_view take() { return arguments_[next_++]; }
  void read_option(const Scope& scope, std::string_view word, OptionValues& out);

 private:
  void read_named(const Scope& scope, std::string_view word, std::string_view body, OptionValues& out);
  void read_letters(const Scope& scope, std::string_view letters, OptionValues& out);
  std::string_view value_after(const Option& option, std::string_view written);

  std::span<const char* const> arguments_;
  std::size_t next_ = 0;
};

std::string_view Reader::value_after(const Option& option, std::string_view written) {
  if (at_end()) throw Error(ErrorKind::Usage, text::join("option ", written, " needs a value: ", option.argument));
  return take();
}

void Reader::read_named(const Scope& scope, std::string_view word, std::string_view body, OptionValues& out) {
  const std::size_t equals = body.find('=');
  const std::string_view name = body.substr(0, equals);
  const std::string_view written = word.substr(0, word.find('='));
  const Option* option = find_name(scope, name);
  if (option == nullptr) fail_unknown(scope, written, name);
  std::optional<std::string_view> value;
  if (equals != std::string_view::npos) value = body.substr(equals + 1);
  const TakesValue takes = takes_value(*option);
  if (takes == TakesValue::Yes && !value) value = value_after(*option, written);
  if (takes == TakesValue::No && value && !is_one_of(*value, kTrueWords) && !is_one_of(*value, kFalseWords)) {
    throw Error(ErrorKind::Usage, text::join("option ", written, " is true or false, not ", text::quoted(*value)));
  }
  out.add({option, value});
}

void Reader::read_letters(const Scope& scope, std::string_view letters, OptionValues& out) {
  while (!letters.empty()) {
    const std::string written{'-', letters.front()};
    const Option* option = find_letter(scope, letters.front());
    if (option == nullptr) fail_unknown(scope, written, letters);
    std::string_view rest = letters.substr(1);
    if (takes_value(*option) == TakesValue::No && !rest.starts_with('=')) {
      out.add({option, std::nullopt});
      letters = rest;
      continue;
    }
    const bool attached = !rest.empty();
    if (rest.starts_with('=')) rest.remove_prefix(1);
    if (takes_value(*option) == TakesValue::No && !is_one_of(rest, kTrueWords) && !is_one_of(rest, kFalseWords)) {
      throw Error(ErrorKind::Usage, text::join("option ", written, " is true or false, not ", text::quoted(rest)));
    }
    if (attached) {
      out.add({option, rest});
    } else if (takes_value(*option) == TakesValue::IfAttached) {
      out.add({option, std::nullopt});
    } else {
      out.add({option, value_after(*option, written)});
    }
    return;
  }
}

void Reader::read_option(const Scope& scope, std::string_view word, OptionValues& out) {
  if (word.starts_with("--")) return read_named(scope, word, word.substr(2), out);
  const std::string_view body = word.substr(1);
  const std::string_view name = body.substr(0, body.find('='));
  // go-runc writes `-no-subreaper`; a name of one letter is a letter.
  if (name.size() > 1 && find_name(scope, name) != nullptr) return read_named(scope, word, body, out);
  const bool letter = find_letter(scope, body.front()) != nullptr;
  if (!letter) fail_unknown(scope, word.substr(0, word.find('=')), name);
  read_letters(scope, body, out);
}

bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

bool asks_help(const OptionValues& values) { return values.flag(kHelpOption.name); }

void check_operands(const Command& command, std::size_t count) {
  if (count >= command.least_operands && count <= command.most_operands) return;
  const std::string_view problem = count < command.least_operands ? " misses an argument" : " was given too many arguments";
  throw Error(ErrorKind::Usage, text::join(command.name, problem))
      .with_hint(text::join("usage: ", command.name, " [OPTION...] ", command.operands));
}

void read_command(Reader& reader, const Command& command, std::span<const Option> outer, Parsed& out) {
  if (command.style == OptionStyle::GetoptLong) return parse_getopt_long(command, reader.rest(), out);
  const Scope scope{command.options, command.name, outer};
  bool only_operands = false;
  out.options.reserve(reader.words_left());
  out.operands.reserve(reader.words_left());
  while (!reader.at_end()) {
    const std::string_view word = reader.take();
    if (!only_operands && word == "--") {
      only_operands = true;
      out.dashes_before_operands = out.operands.empty();
    } else if (!only_operands && is_option(word)) {
      reader.read_option(scope, word, out.options);
    } else {
      out.operands.push_back(word);
      only_operands = only_operands || command.options_end == OptionsEnd::AtFirstOperand;
    }
  }
  out.help = out.help || asks_help(out.options);
  if (!out.help) check_operands(command, out.operands.size());
}

const Command& find_command(const Program& program, std::string_view name) {
  const auto found = std::ranges::find(program.commands, name, &Command::name);
  if (found != program.commands.end()) return *found;
  if (is_one_of(name, program.absent)) {
    throw Error(ErrorKind::Usage, text::join(name, " is not part of this version of ", program.name));
  }
  std::vector<std::string_view> known;
  for (const Command& command : program.commands)
    if (!command.summary.empty()) known.push_back(command.name);
  Error error(ErrorKind::Usage, text::join("unknown command ", text::quoted(name)));
  const std::string_view near = text::nearest(name, known);
  if (!near.empty()) throw std::move(error).with_hint(text::join("did you mean ", near));
  throw std::move(error).with_hint(text::join(program.name, " --help lists the commands"));
}

}  // namespace

const Given* OptionValues::last(std::string_view name) const noexcept {
  for (auto given = all_.rbegin(); given != all_.rend(); ++given)
    if (given->option->name == name) return &*given;
  return nullptr;
}

bool OptionValues::flag(std::string_view name) const noexcept {
  const Given* given = last(name);
  return given != nullptr && (!given->value || is_one_of(*given->value, kTrueWords));
}

std::optional<std::string_view> OptionValues::value(std::string_view name) const noexcept {
  const Given* given = last(name);
  return given == nullptr ? std::nullopt : given->value;
}

std::vector<std::string_view> OptionValues::values(std::string_view name) const {
  std::vector<std::string_view> out;
  for (const Given& given : all_)
    if (given.option->name == name && given.value) out.push_back(*given.value);
  return out;
}

std::optional<unsigned> OptionValues::number(std::string_view name) const {
  const std::optional<std::string_view> written = value(name);
  if (!written) return std::nullopt;
  const std::optional<unsigned> parsed = text::parse_number<unsigned>(*written);
  if (!parsed) throw Error(ErrorKind::Usage, text::join("option --", name, " needs a number, not ", text::quoted(*written)));
  return parsed;
}

std::optional<bool> OptionValues::truth(std::string_view name) const {
  const std::optional<std::string_view> written = value(name);
  if (!written) return std::nullopt;
  if (*written == "true" || *written == "false") return *written == "true";
  throw Error(ErrorKind::Usage, text::join("--", name, ": ", text::quoted(*written), " is neither true nor false"));
}

void parse(const Program& program, std::span<const char* const> arguments, Parsed& out) {
  Reader reader(arguments);
  out.program = &program;
  out.command = nullptr;
  const Scope scope{program.options, {}, {}};
  out.global.reserve(reader.words_left());
  while (!reader.at_end()) {
    const std::string_view word = reader.take();
    if (word != "--" && is_option(word)) {
      reader.read_option(scope, word, out.global);
      continue;
    }
    if (word == "--") continue;
    const bool help_word = word == kHelpOption.name && !out.help;
    if (help_word) {
      out.help = true;
      continue;
    }
    out.command = &find_command(program, word);
    if (out.command->commands != nullptr) return parse(*out.command->commands, reader.rest(), out);
    read_command(reader, *out.command, program.options, out);
    break;
  }
  out.help = out.help || asks_help(out.global);
}

void parse(const Command& command, std::span<const char* const> arguments, Parsed& out) {
  Reader reader(arguments);
  out.command = &command;
  read_command(reader, command, {}, out);
}

}  // namespace caisson::app
