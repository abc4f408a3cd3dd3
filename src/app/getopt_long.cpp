#include "app/getopt_long.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::app {

namespace {

enum class Value : std::uint8_t { None, Required, IfAttached };

Value value_of(const Option& option) {
  if (option.argument.empty()) return Value::None;
  return option.argument.front() == '[' ? Value::IfAttached : Value::Required;
}

Value value_of_letter(const Option& option) { return option.letter_is == Letter::Flag ? Value::None : value_of(option); }

class GetoptReader {
 public:
  GetoptReader(const Command& command, std::span<const char* const> arguments, Parsed& out)
      : command_(command), arguments_(arguments), out_(out) {}

  void read();

 private:
  void read_long(std::string_view word);
  void read_letters(std::string_view letters);
  const Option& find_long(std::string_view name) const;
  // The row that a letter stands for; nullptr if there is none.
  const Option* find_letter(char letter) const;

  const Command& command_;
  std::span<const char* const> arguments_;
  Parsed& out_;
  std::size_t next_ = 0;
};

const Option& GetoptReader::find_long(std::string_view name) const {
  std::vector<const Option*> beginning;
  for (const Option& option : command_.options) {
    if (option.name == name) return option;
    const bool seen = std::ranges::any_of(beginning, [&](const Option* other) { return other->name == option.name; });
    if (option.name.starts_with(name) && !seen) beginning.push_back(&option);
  }
  if (kHelpOption.name == name) return kHelpOption;
  if (beginning.size() == 1) return *beginning.front();
  if (beginning.empty()) {
    if (kHelpOption.name.starts_with(name) && !name.empty()) return kHelpOption;
    throw usage_error(command_, text::join("unrecognized option '--", name, "'"));
  }
  std::string possible;
  for (const Option* option : beginning) possible += text::join(" '--", option->name, "'");
  throw usage_error(command_, text::join("option '--", name, "' is ambiguous; possibilities:", possible));
}

const Option* GetoptReader::find_letter(char letter) const {
  const auto found = std::ranges::find(command_.options, letter, &Option::letter);
  if (found != command_.options.end() && letter != 0) return &*found;
  return letter == kHelpOption.letter ? &kHelpOption : nullptr;
}

void GetoptReader::read_long(std::string_view word) {
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const Option& option = find_long(name);
  std::optional<std::string_view> value;
  if (equals != std::string_view::npos) value = word.substr(equals + 1);
  const Value wanted = value_of(option);
  if (wanted == Value::None && value)
    throw usage_error(command_, text::join("option '--", option.name, "' doesn't allow an argument"));
  if (wanted == Value::Required && !value) {
    if (next_ == arguments_.size())
      throw usage_error(command_, text::join("option '--", option.name, "' requires an argument"));
    value = arguments_[next_++];
  }
  out_.options.add({&option, value});
}

void GetoptReader::read_letters(std::string_view letters) {
  while (!letters.empty()) {
    const char letter = letters.front();
    letters.remove_prefix(1);
    const Option* option = find_letter(letter);
    if (option == nullptr || letter == ':') throw usage_error(command_, text::join("invalid option -- '", letter, "'"));
    const Value wanted = value_of_letter(*option);
    std::optional<std::string_view> value;
    if (wanted != Value::None && !letters.empty()) {
      value = letters;
    } else if (wanted == Value::Required) {
      if (next_ == arguments_.size()) throw usage_error(command_, text::join("option requires an argument -- '", letter, "'"));
      value = arguments_[next_++];
    }
    out_.options.add({option, value});
    if (value) return;
  }
}

void GetoptReader::read() {
  while (next_ < arguments_.size()) {
    const std::string_view word = arguments_[next_++];
    if (word == "--") break;
    if (word.starts_with("--")) {
      read_long(word.substr(2));
    } else if (word.size() > 1 && word.front() == '-') {
      read_letters(word.substr(1));
    } else {
      out_.operands.push_back(word);
      if (command_.options_end == OptionsEnd::AtFirstOperand) break;
    }
  }
  for (; next_ < arguments_.size(); ++next_) out_.operands.push_back(arguments_[next_]);
}

}  // namespace

Error usage_error(const Command& command, std::string words) {
  return Error(ErrorKind::Usage, std::move(words))
      .with_hint(text::join("Try '", command.name, " --help' for more information."));
}

void parse_getopt_long(const Command& command, std::span<const char* const> arguments, Parsed& out) {
  GetoptReader(command, arguments, out).read();
  out.help = out.help || out.options.flag(kHelpOption.name);
}

}  // namespace caisson::app
