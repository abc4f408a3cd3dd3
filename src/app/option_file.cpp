#include "app/option_file.hpp"

#include <algorithm>

#include "app/paths.hpp"
#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/shell_words.hpp"
#include "base/text.hpp"
#include "toml/from_json.hpp"
#include "toml/parser.hpp"

namespace caisson::app {
namespace {

// Of the command line alone.
constexpr std::string_view kNoKeys[] = {"help", "file"};
// Paths inside the container.
constexpr std::string_view kInside[] = {"workdir"};

bool has_name(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_key(const Option& option) { return !option.help.empty() && !has_name(option.name, kNoKeys); }

bool is_word(const toml::Value& value) {
  return value.kind == toml::Kind::Text || value.kind == toml::Kind::Integer || value.kind == toml::Kind::Real;
}

class OptionFileReader {
 public:
  OptionFileReader(std::string_view file, std::span<const Option> known, TableWord table_word)
      : file_(file), known_(known), table_word_(table_word) {}

  OptionFile read(const toml::Value& root) {
    if (root.kind != toml::Kind::Table) refuse_kind(root, {}, "a table");
    for (const toml::Member& member : root.members) {
      if (member.name == kCommandKey)
        read_command(member);
      else
        read_option(option_of(member), member);
    }
    return std::move(out_);
  }

 private:
  [[noreturn]] void refuse(toml::Place place, std::string_view problem, std::string_view hint = {}) const {
    toml::refuse(file_, place, problem, hint);
  }
  [[noreturn]] void refuse_kind(const toml::Value& value, std::string_view key, std::string_view expected) const {
    refuse(value.place,
           text::join(key, key.empty() ? "" : ": ", "expected ", expected, ", found ", toml::kind_name(value.kind)));
  }

  const Option& option_of(const toml::Member& member) const {
    const auto found = std::ranges::find(known_, member.name, &Option::name);
    if (found != known_.end() && is_key(*found)) return *found;
    std::vector<std::string_view> names{kCommandKey};
    for (const Option& option : known_)
      if (is_key(option)) names.push_back(option.name);
    const std::string_view near = text::nearest(member.name, names);
    refuse(member.place, text::join("unknown key ", text::quoted(member.name)),
           near.empty() ? "the keys are the long names of the options: caisson run --help" : text::join("did you mean ", near));
  }

  void read_command(const toml::Member& member) {
    const toml::Value& value = member.value;
    if (value.kind == toml::Kind::Text) {
      try {
        out_.command = text::shell_words(value.text);
      } catch (const Error& error) {
        refuse(value.place, text::join(kCommandKey, ": ", error.message()), error.hint());
      }
      return;
    }
    if (value.kind != toml::Kind::List) refuse_kind(value, member.name, "a list of words, or a line of them");
    for (const toml::Value& item : value.items) out_.command.push_back(word_of(item, member.name));
  }

  std::string word_of(const toml::Value& value, std::string_view key) const {
    if (!is_word(value)) refuse_kind(value, key, "a string or a number");
    return value.text;
  }

  void read_option(const Option& option, const toml::Member& member) {
    const toml::Value& value = member.value;
    if (option.argument.empty()) {
      if (value.kind != toml::Kind::Boolean) refuse_kind(value, option.name, "true or false");
      add(option, value.truth ? std::nullopt : std::optional<std::string>("false"));
    } else if (option.argument.starts_with('[') && value.kind == toml::Kind::Boolean) {
      if (value.truth) add(option, std::nullopt);
    } else if (option.times == Times::Once || is_word(value)) {
      add(option, word_of(value, option.name));
    } else if (value.kind == toml::Kind::Table && option.argument.find('=') != std::string_view::npos) {
      for (const toml::Member& one : value.members) add(option, word_of_member(option, one));
    } else if (value.kind == toml::Kind::List) {
      for (const toml::Value& item : value.items) add(option, word_of(item, option.name));
    } else {
      refuse_kind(value, option.name, "a list of strings");
    }
  }

  std::string word_of_member(const Option& option, const toml::Member& one) const {
    if (one.value.kind == toml::Kind::Table && table_word_ != nullptr) return table_word_(option, one, file_);
    return text::join(one.name, '=', word_of(one.value, text::join(option.name, '.', one.name)));
  }

  void add(const Option& option, std::optional<std::string> value) { out_.options.push_back({&option, std::move(value)}); }

  std::string_view file_;
  std::span<const Option> known_;
  TableWord table_word_;
  OptionFile out_;
};

}  // namespace

OptionFile read_option_file(std::string_view text, std::string_view name, std::span<const Option> known, TableWord table_word) {
  const bool json = name.ends_with(".json") || (!name.ends_with(".toml") && text::trim(text).starts_with('{'));
  return OptionFileReader(name, known, table_word).read(json ? toml::parse_json(text, name) : toml::parse(text, name));
}

std::string with_absolute_path(const Option& option, std::string_view value, std::string_view folder) {
  const auto behind = [&](std::string_view ahead) {
    return text::join(ahead, absolute_path(folder, value.substr(ahead.size())));
  };
  if (value.empty()) return {};
  if ((option.argument == "DIR" || option.argument == "FILE") && !has_name(option.name, kInside)) return behind({});
  if (option.argument.starts_with("SRC:") && !value.starts_with(':')) {
    const std::size_t colon = std::min(value.find(':'), value.size());
    return text::join(absolute_path(folder, value.substr(0, colon)), value.substr(colon));
  }
  if (option.name == "security-opt" && value.starts_with("seccomp=") && value != "seccomp=unconfined")
    return behind("seccomp=");
  if (option.name == "net" && value.starts_with("ns:")) return behind("ns:");
  const std::size_t equals = value.find('=');
  const bool is_path = equals != std::string_view::npos && value.find('/', equals) != std::string_view::npos;
  if (option.argument == "KIND=TARGET" && is_path) return behind(value.substr(0, equals + 1));
  return std::string(value);
}

}  // namespace caisson::app
