#include "app/completion.hpp"

#include "base/text.hpp"

namespace caisson::app {

namespace {

std::string option_words(std::span<const Option> options) {
  std::string out;
  for (const Option& option : options) {
    if (option.help.empty()) continue;
    out += text::join("--", option.name, ' ');
    if (option.letter != 0) out += text::join('-', option.letter, ' ');
  }
  return out + "--help -h";
}

void add_pattern(std::string& out, std::string_view command, std::string_view word) {
  out += text::join(out.empty() ? "" : "|", command, '/', word);
}

// The pattern of a case line that holds COMMAND/OPTION for every option whose value is called `argument`.
std::string options_taking(const Program& program, std::string_view argument) {
  std::string out;
  const auto collect = [&](std::string_view command, std::span<const Option> options) {
    for (const Option& option : options) {
      if (option.argument != argument) continue;
      add_pattern(out, command, text::join("--", option.name));
      if (option.letter != 0) add_pattern(out, command, text::join('-', option.letter));
    }
  };
  collect("", program.options);
  for (const Command& command : program.commands) collect(command.name, command.options);
  return out;
}

// The pattern of the global options that take the next word, so that the command can be found behind them.
std::string global_options_with_value(const Program& program) {
  std::string out;
  for (const Option& option : program.options)
    if (!option.argument.empty() && !option.argument.starts_with('['))
      out += text::join(out.empty() ? "--" : "|--", option.name);
  return out;
}

std::string command_words(const Program& program) {
  std::string out;
  for (const Command& command : program.commands)
    if (!command.summary.empty()) out += text::join(out.empty() ? "" : " ", command.name);
  return out;
}

}  // namespace

std::string bash_completion(const Program& program) {
  std::string function = text::join('_', program.name);
  for (char& c : function)
    if (c == '-') c = '_';
  std::string out =
      text::join("# bash completion for ", program.name, ", made from its option tables.\n", function, "() {\n",
                 "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= root= at\n",
                 "  local -a reply=()\n", "  for ((at = 1; at < COMP_CWORD; at++)); do\n    case ${COMP_WORDS[at]} in\n",
                 "      --root) root=${COMP_WORDS[at+1]}; at=$((at + 1)) ;;\n");
  out += text::join("      ", global_options_with_value(program), ") at=$((at + 1)) ;;\n");
  out += "      -*) ;;\n      *) command=${COMP_WORDS[at]}; break ;;\n    esac\n  done\n  case $command/$before in\n";
  out += text::join("    ", options_taking(program, "DIR"), ") mapfile -t COMPREPLY < <(compgen -d -- \"$word\"); return ;;\n");
  out += text::join("    ", options_taking(program, "FILE"), '|', options_taking(program, "SOCKET"),
                    ") mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n");
  out += "  esac\n  local options=\n  case $command in\n";
  out += text::join("    '') options='", option_words(program.options), "' ;;\n");
  for (const Command& command : program.commands)
    if (!command.summary.empty())
      out += text::join("    ", command.name, ") options='", option_words(command.options), "' ;;\n");
  out += "  esac\n  if [[ $word == -* ]]; then\n    mapfile -t reply < <(compgen -W \"$options\" -- \"$word\")\n";
  out += text::join("  elif [[ -z $command ]]; then\n    mapfile -t reply < <(compgen -W '", command_words(program),
                    "' -- \"$word\")\n");
  out += text::join("  else\n    mapfile -t reply < <(compgen -W \"$(", program.name,
                    " ${root:+--root \"$root\"} list --quiet 2>/dev/null)\" -- \"$word\")\n  fi\n");
  out += text::join("  COMPREPLY=(\"${reply[@]}\")\n}\ncomplete -F ", function, ' ', program.name, '\n');
  return out;
}

}  // namespace caisson::app
