#include <algorithm>

#include "app/option_file.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "json/utf8.hpp"
#include "json/writer.hpp"
#include "toml/writer.hpp"

namespace caisson::app {
namespace {

// An option of the file with all that is said about it.
struct Key {
  const Option* option;
  std::vector<std::optional<std::string>> values;
};

void check_text(std::string_view name, std::string_view text) {
  if (json::find_not_text(text) == std::string_view::npos) return;
  throw Error(ErrorKind::State, text::join(name, ": ", text::quoted(text), " is not UTF-8, which a file for people must be"))
      .with_hint("caisson inspect without --as-file shows it");
}

std::vector<Key> keys_of(const OptionFile& file) {
  std::vector<Key> keys;
  for (const FileOption& given : file.options) {
    if (given.value) check_text(given.option->name, *given.value);
    auto key = std::ranges::find(keys, given.option, &Key::option);
    if (key == keys.end()) key = keys.insert(key, {given.option, {}});
    if (given.option->times == Times::Once) key->values.clear();
    key->values.push_back(given.value);
  }
  for (const std::string& word : file.command) check_text(kCommandKey, word);
  return keys;
}

bool is_true(const std::optional<std::string>& flag) {
  return !flag || (!flag->starts_with('f') && !flag->starts_with('F') && *flag != "0");
}

std::string toml_list(std::span<const std::string> words) {
  std::string out = "[";
  for (const std::string& word : words) out += text::join(out.size() == 1 ? "" : ", ", toml::written_text(word));
  return out += ']';
}

std::vector<std::string> words_of(const Key& key) {
  std::vector<std::string> words;
  for (const auto& value : key.values) words.push_back(value.value_or(""));
  return words;
}

std::string toml_value(const Key& key) {
  const std::optional<std::string>& last = key.values.back();
  if (key.option->argument.empty() || !last) return is_true(last) ? "true" : "false";
  return key.option->times == Times::Once ? toml::written_text(*last) : toml_list(words_of(key));
}

std::string toml_text(const OptionFile& file) {
  std::string out;
  for (const Key& key : keys_of(file)) out += text::join(toml::written_key(key.option->name), " = ", toml_value(key), '\n');
  if (!file.command.empty()) out += text::join(kCommandKey, " = ", toml_list(file.command), '\n');
  return out;
}

void write_list(json::Writer& out, std::span<const std::string> words) {
  out.begin_array();
  for (const std::string& word : words) out.string(word);
  out.end_array();
}

std::string json_text(const OptionFile& file) {
  json::Writer out(json::kTwoSpaces);
  out.begin_object();
  for (const Key& key : keys_of(file)) {
    const std::optional<std::string>& last = key.values.back();
    out.key(key.option->name);
    if (key.option->argument.empty() || !last)
      out.boolean(is_true(last));
    else if (key.option->times == Times::Once)
      out.string(*last);
    else
      write_list(out, words_of(key));
  }
  if (!file.command.empty()) write_list(out.key(kCommandKey), file.command);
  out.end_object();
  return out.take() + '\n';
}

}  // namespace

std::string write_option_file(const OptionFile& file, FileForm form) {
  return form == FileForm::Json ? json_text(file) : toml_text(file);
}

}  // namespace caisson::app
