#include <algorithm>

#include "app/option_file.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
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
  if (text::find_not_text(text) == std::string_view::npos) return;
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

// Nothing for an option whose values stand in a list.
std::vector<WrittenTable> tables_of(const Key& key, WordTable word_table) {
  std::vector<WrittenTable> tables;
  for (const auto& value : key.values)
    if (auto table = word_table != nullptr && value ? word_table(*key.option, *value) : std::nullopt)
      tables.push_back(*std::move(table));
  return tables;
}

std::string toml_tables(const Key& key, const std::vector<WrittenTable>& tables) {
  std::string out;
  for (const WrittenTable& table : tables) {
    out += text::join("\n[", toml::written_key(key.option->name), '.', toml::written_key(table.name), "]\n");
    for (const WrittenTable::Row& row : table.rows)
      out += text::join(toml::written_key(row.key), " = ",
                        row.is_list ? toml_list(row.values) : toml::written_text(row.values.front()), '\n');
  }
  return out;
}

std::string toml_text(const OptionFile& file, WordTable word_table) {
  std::string out, tables;  // what stands behind the head of a table belongs to it
  for (const Key& key : keys_of(file)) {
    const std::vector<WrittenTable> own = tables_of(key, word_table);
    if (own.empty())
      out += text::join(toml::written_key(key.option->name), " = ", toml_value(key), '\n');
    else
      tables += toml_tables(key, own);
  }
  if (!file.command.empty()) out += text::join(kCommandKey, " = ", toml_list(file.command), '\n');
  return out + tables;
}

void write_list(json::Writer& out, std::span<const std::string> words) {
  out.begin_array();
  for (const std::string& word : words) out.string(word);
  out.end_array();
}

void write_tables(json::Writer& out, const std::vector<WrittenTable>& tables) {
  out.begin_object();
  for (const WrittenTable& table : tables) {
    out.key(table.name).begin_object();
    for (const WrittenTable::Row& row : table.rows) {
      out.key(row.key);
      if (row.is_list)
        write_list(out, row.values);
      else
        out.string(row.values.front());
    }
    out.end_object();
  }
  out.end_object();
}

std::string json_text(const OptionFile& file, WordTable word_table) {
  json::Writer out(json::kTwoSpaces);
  out.begin_object();
  for (const Key& key : keys_of(file)) {
    const std::optional<std::string>& last = key.values.back();
    const std::vector<WrittenTable> tables = tables_of(key, word_table);
    out.key(key.option->name);
    if (!tables.empty())
      write_tables(out, tables);
    else if (key.option->argument.empty() || !last)
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

std::string write_option_file(const OptionFile& file, FileForm form, WordTable word_table) {
  return form == FileForm::Json ? json_text(file, word_table) : toml_text(file, word_table);
}

}  // namespace caisson::app
