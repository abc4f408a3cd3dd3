#include "app/complete.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace caisson::app {
namespace {

struct NamedWant {
  std::string_view name;
  Wanted wanted;
};
constexpr NamedWant kNames[] = {
    {"DIR", Wanted::Directories},
    {"FILE", Wanted::Files},
    {"SOCKET", Wanted::Files},
    {"PATH", Wanted::Files},
    {"SRC", Wanted::Files},
    {"ID", Wanted::Containers},
    {"PID", Wanted::Pids},
    {"TARGET", Wanted::Targets},
    {"A", Wanted::Targets},
    {"B", Wanted::Targets},
    {"NS", Wanted::Targets},
    {"NAME", Wanted::Pins},
    {"KIND", Wanted::Kinds},
    {"TYPE", Wanted::Kinds},
    {"USER", Wanted::Users},
    {"SIGNAL", Wanted::Signals},
    {"SIG", Wanted::Signals},
    {"CAP", Wanted::Capabilities},
    {"CONTAINER", Wanted::Containers},
    {"IMAGE", Wanted::Images},
    {"NETWORK", Wanted::Networks},
    {"CMD", Wanted::CommandLine},
    {"COMMAND", Wanted::CommandLine},
    {"PROGRAM", Wanted::CommandLine},
};

bool is_plain_word(std::string_view word) {
  return !word.empty() &&
         std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || (c >= '0' && c <= '9'); });
}

// "[FILE]" -> "FILE", "USER[:GROUP]" -> "USER", "SRC:DST" -> "SRC".
std::string_view bare_name(std::string_view name) {
  while (name.starts_with('[') || name.starts_with('=')) name.remove_prefix(1);
  return name.substr(0, name.find_first_of("[]:=.,"));
}

void offer(Completion& out, std::string_view begun, std::string word, std::string_view help) {
  if (word.starts_with(begun)) out.candidates.push_back({std::move(word), std::string(help)});
}

bool needs_value(const Option& option) { return !option.argument.empty() && option.argument.front() != '['; }

const Option* by_name(std::span<const Option> options, std::string_view name) {
  const auto found = std::ranges::find(options, name, &Option::name);
  return found == options.end() ? nullptr : &*found;
}
const Option* by_letter(std::span<const Option> options, char letter) {
  const auto found = std::ranges::find(options, letter, &Option::letter);
  return found == options.end() ? nullptr : &*found;
}

// Walks the whole words before the last one, as the parser would, but never complains.
class Walk {
 public:
  Walk(const Program& program, std::span<const std::string_view> words) : program_(&program), words_(words) {}

  Completion complete();

 private:
  std::span<const Option> options() const { return command_ == nullptr ? program_->options : command_->options; }
  void step(std::size_t at);
  void step_option(std::string_view word);
  void step_operand(std::string_view word, std::size_t at);
  void begin_value(const Option& option) { pending_ = &option; }
  bool passes_on() const { return command_ != nullptr && command_->options_end == OptionsEnd::AtFirstOperand; }
  void complete_value(Completion& out, const Option& option, std::string_view begun, std::string ahead) const;
  void complete_option(Completion& out, std::string_view last) const;
  void complete_operand(Completion& out, std::string_view last) const;
  void offer_alternatives(Completion& out, std::string_view names, std::string_view begun, const std::string& ahead) const;
  std::vector<std::string_view> operand_names() const;

  const Program* program_;
  const Command* command_ = nullptr;
  std::span<const std::string_view> words_;
  const Option* pending_ = nullptr;  // the next word is its value
  bool only_operands_ = false;
  std::vector<const Option*> given_;
  std::size_t operands_ = 0, first_operand_ = 0;
  std::string root_;
};

void Walk::step_option(std::string_view word) {
  if (word.starts_with("--")) {
    const std::size_t equals = word.find('=');
    const Option* option = by_name(options(), word.substr(2, equals == std::string_view::npos ? equals : equals - 2));
    if (option == nullptr) return;
    given_.push_back(option);
    if (equals != std::string_view::npos && command_ == nullptr && option->name == "root") root_ = word.substr(equals + 1);
    if (equals == std::string_view::npos && needs_value(*option)) begin_value(*option);
    return;
  }
  for (std::size_t at = 1; at < word.size(); ++at) {
    const Option* option = by_letter(options(), word[at]);
    if (option == nullptr) return;
    given_.push_back(option);
    if (option->argument.empty() || option->letter_is == Letter::Flag) continue;
    if (needs_value(*option) && at + 1 == word.size()) begin_value(*option);
    return;
  }
}

void Walk::step_operand(std::string_view word, std::size_t at) {
  if (command_ == nullptr) {
    const auto found = std::ranges::find(program_->commands, word, &Command::name);
    if (found == program_->commands.end()) return;
    given_.clear();
    if (found->commands != nullptr) {
      program_ = found->commands;
    } else {
      command_ = &*found;
    }
    return;
  }
  if (operands_++ == 0) first_operand_ = at;
  only_operands_ = only_operands_ || passes_on();
}

void Walk::step(std::size_t at) {
  const std::string_view word = words_[at];
  if (pending_ != nullptr) {
    if (command_ == nullptr && pending_->name == "root") root_ = word;
    pending_ = nullptr;
  } else if (!only_operands_ && word == "--") {
    only_operands_ = true;
  } else if (!only_operands_ && word.size() > 1 && word.front() == '-') {
    step_option(word);
  } else {
    step_operand(word, at);
  }
}

void Walk::offer_alternatives(Completion& out, std::string_view names, std::string_view begun, const std::string& ahead) const {
  std::string_view inner = names;
  while (inner.starts_with('[')) inner.remove_prefix(1);
  while (inner.ends_with(']')) inner.remove_suffix(1);
  for (const std::string_view name : text::split(inner, '|')) {
    if (is_plain_word(name)) {
      if (name.starts_with(begun)) out.candidates.push_back({ahead + std::string(name), {}});
    } else if (out.wanted == Wanted::Nothing) {
      out.wanted = wanted_by_name(name);
    }
  }
  out.begun = begun;
  out.ahead = ahead;
}

void Walk::complete_value(Completion& out, const Option& option, std::string_view begun, std::string ahead) const {
  std::string_view names = option.argument;
  // "KIND=TARGET": what stands behind the sign is a word of its own.
  if (const std::size_t sign = names.find('='); sign != std::string_view::npos && wanted_by_name(names) == Wanted::Kinds) {
    if (const std::size_t written = begun.find('='); written != std::string_view::npos) {
      names.remove_prefix(sign + 1);
      ahead += begun.substr(0, written + 1);
      begun.remove_prefix(written + 1);
    }
  }
  offer_alternatives(out, names, begun, ahead);
  // The name of something new: a host name, a limit.
  if (out.wanted == Wanted::Pins) out.wanted = Wanted::Nothing;
}

void Walk::complete_option(Completion& out, std::string_view last) const {
  if (const std::size_t equals = last.find('='); last.starts_with("--") && equals != std::string_view::npos) {
    const Option* option = by_name(options(), last.substr(2, equals - 2));
    if (option != nullptr && !option->argument.empty())
      complete_value(out, *option, last.substr(equals + 1), std::string(last.substr(0, equals + 1)));
    return;
  }
  bool own_help = false;
  for (const Option& option : options()) {
    own_help = own_help || option.name == kHelpOption.name;
    const bool again = option.times == Times::Many || std::ranges::find(given_, &option) == given_.end();
    if (option.help.empty() || !again) continue;
    if (!option.name.empty()) offer(out, last, text::join("--", option.name), option.help);
    if (last.size() < 3 && option.letter != 0) offer(out, last, text::join('-', option.letter), option.help);
  }
  if (!own_help) offer(out, last, text::join("--", kHelpOption.name), kHelpOption.help);
}

std::vector<std::string_view> Walk::operand_names() const { return text::split(command_->operands, ' '); }

void Walk::complete_operand(Completion& out, std::string_view last) const {
  if (command_ == nullptr) {
    for (const Command& command : program_->commands)
      if (!command.summary.empty()) offer(out, last, std::string(command.name), command.summary);
    return;
  }
  const auto names = operand_names();
  if (names.empty() || (operands_ >= names.size() && names.back().find("...") == std::string_view::npos)) return;
  const std::size_t at = std::min(operands_, names.size() - 1);
  offer_alternatives(out, names[at], last, {});
  // "CMD [ARG...]": the arguments are completed as the command's own.
  for (std::size_t each = 0; each <= at; ++each) {
    if (wanted_by_name(names[each]) != Wanted::CommandLine) continue;
    out.wanted = Wanted::CommandLine;
    out.command_at = operands_ == 0 ? words_.size() - 1 : first_operand_ + each;
    if (operands_ <= each) out.command_at = words_.size() - 1;
  }
}

Completion Walk::complete() {
  for (std::size_t at = 0; at + 1 < words_.size(); ++at) step(at);
  Completion out;
  const std::string_view last = words_.empty() ? std::string_view() : words_.back();
  if (pending_ != nullptr) {
    complete_value(out, *pending_, last, {});
  } else if (!only_operands_ && last.starts_with('-')) {
    complete_option(out, last);
  } else {
    complete_operand(out, last);
  }
  out.root = root_;
  return out;
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c);
  return out;
}

// Bash puts a word on the line as it is: one that a shell would read as something else is not offered.
bool is_safe(std::string_view word) {
  return std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
  });
}

}  // namespace

Wanted wanted_by_name(std::string_view name) {
  const std::string_view bare = bare_name(name);
  for (const NamedWant& one : kNames)
    if (one.name == bare) return one.wanted;
  return Wanted::Nothing;
}

Completion complete(const Program& program, std::span<const std::string_view> words) { return Walk(program, words).complete(); }

std::string completion_lines(const Completion& completion, std::span<const Candidate> live) {
  std::string out = "words\n";
  if (completion.wanted == Wanted::Files ||
      (completion.wanted == Wanted::Targets && completion.begun.find('/') != std::string::npos))
    out = "files\n";
  if (completion.wanted == Wanted::Directories) out = "directories\n";
  if (completion.wanted == Wanted::CommandLine) out = text::join("command ", completion.command_at, '\n');
  const auto add = [&](const std::string& ahead, const Candidate& candidate) {
    if (!is_safe(candidate.word)) return;
    out += text::join(ahead, candidate.word, candidate.help.empty() ? "" : "\t", one_line(candidate.help), '\n');
  };
  for (const Candidate& candidate : completion.candidates) add({}, candidate);
  for (const Candidate& candidate : live)
    if (candidate.word.starts_with(completion.begun)) add(completion.ahead, candidate);
  return out;
}

}  // namespace caisson::app
