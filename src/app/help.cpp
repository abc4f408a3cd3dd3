// --help from the tables of options.hpp.
#include <algorithm>

#include "app/options.hpp"
#include "base/text.hpp"

namespace caisson::app {

namespace {

std::string left_column(const Option& option) {
  if (option.name.empty()) return text::join('-', option.letter, option.argument);
  std::string out = option.letter == 0 ? std::string("    ") : text::join('-', option.letter, ", ");
  out += text::join("--", option.name);
  if (option.argument.starts_with('[')) {
    out += text::join("[=", option.argument.substr(1));
  } else if (!option.argument.empty()) {
    out += text::join(' ', option.argument);
  }
  if (option.times == Times::Many) out += "...";
  return out;
}

struct Row {
  std::string left;
  std::string_view right;
};

// Words of the right column, with further lines below the first one.
void append_wrapped(std::string& out, std::string_view right, std::size_t indent) {
  constexpr std::size_t kWidth = 110;
  std::size_t column = indent;
  for (const std::string_view word : text::split(right, ' ')) {
    if (column > indent && column + 1 + word.size() > kWidth) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  out += '\n';
}

void append_rows(std::string& out, std::string_view title, const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.left.size());
  out += text::join('\n', title, ":\n");
  for (const Row& row : rows) {
    out += text::join("  ", row.left);
    out.append(width - row.left.size() + 2, ' ');
    append_wrapped(out, row.right, width + 4);
  }
}

void append_options(std::string& out, std::string_view title, std::span<const Option> options) {
  std::vector<Row> rows;
  bool own_help = false;
  for (const Option& option : options) {
    own_help = own_help || option.name == kHelpOption.name;
    if (!option.help.empty()) rows.push_back({left_column(option), option.help});
  }
  if (!own_help) rows.push_back({left_column(kHelpOption), kHelpOption.help});
  append_rows(out, title, rows);
}

void append_examples(std::string& out, std::span<const std::string_view> examples) {
  if (examples.empty()) return;
  out += "\nExamples:\n";
  for (const std::string_view example : examples) out += text::join("  ", example, '\n');
}

std::string command_help(std::string_view call, const Command& command) {
  std::string out = text::join("Usage: ", call, " [OPTION...]");
  if (!command.operands.empty()) out += text::join(' ', command.operands);
  out += "\n\n";
  append_wrapped(out, command.summary, 0);
  append_options(out, "Options", command.options);
  append_examples(out, command.examples);
  return out;
}

}  // namespace

std::string help_text(const Program& program) {
  std::string out = text::join("Usage: ", program.name, program.options.empty() ? "" : " [GLOBAL OPTION...]",
                               " COMMAND [OPTION...] [ARGUMENT...]\n\n", program.summary, '\n');
  std::vector<Row> rows;
  for (const Command& command : program.commands)
    if (!command.summary.empty()) rows.push_back({std::string(command.name), command.summary});
  append_rows(out, "Commands", rows);
  if (!program.options.empty()) append_options(out, "Global options", program.options);
  append_examples(out, program.examples);
  return out += text::join("\n", program.name, " COMMAND --help shows the options of a command.\n");
}

std::string help_text(const Program& program, const Command& command) {
  if (command.commands != nullptr) return help_text(*command.commands);
  const std::string_view options = program.options.empty() ? " " : " [GLOBAL OPTION...] ";
  return command_help(text::join(program.name, options, command.name), command);
}

std::string help_text(const Command& command) { return command_help(command.name, command); }

}  // namespace caisson::app
