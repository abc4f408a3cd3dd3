// The options of a command as a file for people: TOML, or JSON, with the long names of the option table as keys, so that an
// option of the table needs nothing else to be one of the file. Besides them `command`: a list of words, or a line of words
// that is split as a shell does it.
//   flag                     true or false
//   option with a value      a string or a number
//   one that may be repeated a list of them; where each is NAME=VALUE also a table
// Pure. Every refusal throws Error(Spec, "FILE:LINE:COLUMN: problem").
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "toml/value.hpp"

namespace caisson::app {

inline constexpr std::string_view kCommandKey = "command";

struct FileOption {
  const Option* option;
  std::optional<std::string> value;  // none: a flag, or an optional value that was left out
};

struct OptionFile {
  std::vector<FileOption> options;
  std::vector<std::string> command;
};

// A table for one value of an option, as the word that the command line would have: for options that have such tables.
using TableWord = std::string (*)(const Option& option, const toml::Member& table, std::string_view file);

// name: for messages; one that ends in .json, or a text that begins with "{", is JSON.
OptionFile read_option_file(std::string_view text, std::string_view name, std::span<const Option> known,
                            TableWord table_word = nullptr);

enum class FileForm : std::uint8_t { Toml, Json };
// One value of an option as a table: back to what TableWord reads.
struct WrittenTable {
  struct Row {
    std::string_view key;
    std::vector<std::string> values;
    bool is_list = false;
  };
  std::string name;
  std::vector<Row> rows;
};
using WordTable = std::optional<WrittenTable> (*)(const Option& option, std::string_view word);
// What reads back as the same words. Throws Error{State} for a word that is not UTF-8.
std::string write_option_file(const OptionFile& file, FileForm form, WordTable word_table = nullptr);

// A path of the host in the value of an option, relative to a folder: as an absolute path. Everything else stays as it is.
std::string with_absolute_path(const Option& option, std::string_view value, std::string_view folder);

}  // namespace caisson::app
