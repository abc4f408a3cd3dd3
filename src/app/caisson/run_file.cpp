#include "app/caisson/run_file.hpp"

#include <algorithm>
#include <cerrno>

#include "app/caisson/image_store.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/caisson/run_grammar.hpp"
#include "app/paths.hpp"
#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"
#include "life/name.hpp"
#include "service/from_table.hpp"
#include "sys/file.hpp"

namespace caisson::app::human {
namespace {

constexpr std::size_t kMostFile = std::size_t{256} << 10;

const Option* run_option(std::string_view name) {
  const auto option = std::ranges::find(kRunOptions, name, &Option::name);
  return option == std::end(kRunOptions) ? nullptr : &*option;
}

std::string word_of_table(const Option& option, const toml::Member& table, std::string_view file) {
  if (option.name == "service") return service::wish_word(service::from_table(table, file));
  toml::refuse(file, table.value.place, text::join(option.name, ": expected a string, found a table"));
}

OptionFile read_run_file(const std::string& path) {
  const auto read = sys::read_file(sys::kCwd, path.c_str(), kMostFile);
  if (read.err() == EFBIG)
    throw Error(ErrorKind::Usage, text::join("--file: ", text::printable(path), " is bigger than ", kMostFile, " bytes"));
  if (!read.ok()) throw Error(ErrorKind::Usage, text::join("--file: read ", text::printable(path)), read.err());
  OptionFile file = read_option_file(read.value(), path, kRunOptions, word_of_table);
  const std::string whole = absolute_path(path);
  const std::string folder = whole.substr(0, std::max<std::size_t>(whole.rfind('/'), 1));
  for (FileOption& given : file.options)
    if (given.value) given.value = with_absolute_path(*given.option, *given.value, folder);
  return file;
}

// The texts stay the file's.
Parsed with_file(const Parsed& given, const OptionFile& file) {
  Parsed line{.global = given.global, .program = given.program, .command = given.command};
  for (const FileOption& option : file.options)
    line.options.add({option.option, option.value ? std::optional<std::string_view>(*option.value) : std::nullopt});
  for (const Given& option : given.options.all())
    if (option.option->name != "file") line.options.add(option);
  line.operands = given.operands;
  line.dashes_before_operands = given.dashes_before_operands;
  if (line.operands.empty() && !file.command.empty()) {
    line.operands.assign(file.command.begin(), file.command.end());
    line.dashes_before_operands = true;  // an image has a key of its own
  }
  return line;
}

void add(OptionFile& file, std::string_view name, std::optional<std::string> value) {
  file.options.push_back({run_option(name), std::move(value)});
}

}  // namespace

int run_file(const Invocation& invocation) {
  const OptionFile file = read_run_file(invocation.options().text("file"));
  const Parsed line = with_file(invocation.line, file);
  return run({line, invocation.log, invocation.called_as});
}

std::optional<WrittenTable> table_of_word(const Option& option, std::string_view word) {
  if (option.name != "service") return std::nullopt;
  const service::Wish wish = service::parse_wish(word), usual;
  WrittenTable table{.name = wish.name, .rows = {{.key = kCommandKey, .values = wish.args, .is_list = true}}};
  const auto add_list = [&table](std::string_view key, const std::vector<std::string>& values) {
    if (!values.empty()) table.rows.push_back({.key = key, .values = values, .is_list = true});
  };
  const auto add_one = [&table](std::string_view key, const std::string& value, std::string_view usually) {
    if (value != usually) table.rows.push_back({.key = key, .values = {value}});
  };
  add_list("after", wish.after);
  add_list("env", wish.env);
  add_one("restart", wish.restart, usual.restart);
  add_one("user", wish.user, "");
  add_one("workdir", wish.workdir, "");
  add_one("stop-signal", wish.stop_signal, usual.stop_signal);
  add_one("stop-timeout", text::join(wish.stop_timeout_s), text::join(usual.stop_timeout_s));
  return table;
}

OptionFile file_of(const life::Record& record) {
  OptionFile file;
  if (record.name != life::short_id(record.id)) add(file, "name", record.name);
  if (!record.image.empty()) add(file, "image", record.image);
  for (const life::GivenOption& given : record.options) {
    const Option& option = option_of(given);
    // Of an image the record has the id that its name meant then, and the store that was meant then.
    const bool of_image = !record.image.empty() && (given.name == "image" || given.name == "store");
    if (of_image && (given.name == "image" || given.value == store_path({}))) continue;
    std::optional<std::string> value = given.value;
    if (value) value = with_absolute_path(option, *value, record.directory);
    file.options.push_back({&option, std::move(value)});
  }
  if (record.remove_at_end) add(file, "rm", std::nullopt);
  file.command = record.command;
  return file;
}

}  // namespace caisson::app::human
