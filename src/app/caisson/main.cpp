// caisson: the command line for people, also under the names of the programs of util-linux that it stands in for.
#include <array>
#include <exception>
#include <optional>

#include "app/caisson/commands.hpp"
#include "app/caisson/failure.hpp"
#include "app/caisson/grammar.hpp"
#include "app/complete.hpp"
#include "app/end_program.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "life/keep.hpp"
#include "sys/process_title.hpp"
#include "sys/standard_fds.hpp"

namespace caisson::app::human {
namespace {

// As diff(1): 0 the same, 1 different.
constexpr int kCannotCompare = 2;

struct Row {
  std::string_view name;  // with the command that it belongs to: "ns ls"
  int (*run)(const Invocation&);
  int failed = kToolFailed;  // the exit status of a failure
};
constexpr std::array kRows{
    Row{"run", run},
    Row{"ps", ps},
    Row{"logs", logs},
    Row{"exec", exec},
    Row{"stop", stop},
    Row{"start", start},
    Row{"restart", restart},
    Row{"kill", kill},
    Row{"wait", wait},
    Row{"rm", rm},
    Row{"pause", pause},
    Row{"unpause", unpause},
    Row{"rename", rename},
    Row{"top", top},
    Row{"stats", stats},
    Row{"inspect", inspect},
    Row{"prune", prune},
    Row{"attach", attach},
    Row{"cp", cp},
    Row{"diff", diff},
    Row{life::kKeepCommand, keep},
    Row{"unshare", unshare},
    Row{"nsenter", nsenter},
    Row{"lsns", lsns, kFaceFailed},
    Row{"ns ls", ns_ls},
    Row{"ns tree", ns_tree},
    Row{"ns show", ns_show},
    Row{"ns diff", ns_diff, kCannotCompare},
    Row{"ns map", ns_map},
    Row{"ns pin", ns_pin},
    Row{"ns hold", ns_hold},
    Row{"ns rm", ns_rm},
    Row{"image load", image_load},
    Row{"image pull", image_pull},
    Row{"pull", image_pull},
    Row{"commit", commit},
    Row{"image import", image_import},
    Row{"image ls", image_ls},
    Row{"image inspect", image_inspect},
    Row{"image export", image_export},
    Row{"image rm", image_rm},
    Row{"image prune", image_prune},
    Row{"net create", net_create},
    Row{"net ls", net_ls},
    Row{"net inspect", net_inspect},
    Row{"net rm", net_rm},
    Row{"net connect", net_connect},
    Row{"net disconnect", net_disconnect},
    Row{"net attach", net_attach},
    Row{"net detach", net_detach},
    Row{"net link", net_link},
    Row{"explain", explain},
    Row{"check", check},
    Row{kCompleteCommand, complete_word},
};

// "ns ls": the command's name behind that of its program, without the first word.
std::string full_name(const Parsed& line) {
  const std::string_view program = line.program == nullptr ? std::string_view() : line.program->name;
  const std::size_t blank = program.find(' ');
  if (blank == std::string_view::npos) return std::string(line.command->name);
  return text::join(program.substr(blank + 1), ' ', line.command->name);
}

const Row& row_of(const Parsed& line) {
  const std::string name = full_name(line);
  for (const Row& row : kRows)
    if (row.name == name) return row;
  throw Error(ErrorKind::Usage, text::join("no such command: ", name));
}

std::string help_of(const Parsed& line) {
  return line.command == nullptr ? help_text(*line.program) : help_text(*line.program, *line.command);
}

int print_version(std::string_view program) {
  print_out(text::join(program, " version ", CAISSON_VERSION, "\ncommit: ", CAISSON_COMMIT, "\n"));
  return 0;
}

int run_caisson(std::span<const char* const> arguments) {
  LogSink log({.program = "caisson"}, system_log_output());
  Parsed line;
  try {
    parse(grammar(), arguments, line);
    if (line.global.flag("version") || line.options.flag("version")) return print_version("caisson");
    if (line.help || line.command == nullptr) {
      print_out(help_of(line));
      return 0;
    }
    return row_of(line).run({line, log});
  } catch (const Error& error) {
    report("caisson", error, log);
    return status_of(error, line.command == nullptr ? kToolFailed : row_of(line).failed);
  }
}

int run_face(const Command& command, std::span<const char* const> arguments) {
  LogSink log({.program = std::string(command.name)}, system_log_output());
  try {
    Parsed line;
    parse(command, arguments, line);
    if (line.help) {
      print_out(help_text(command));
      return 0;
    }
    if (line.options.flag("version")) return print_version(command.name);
    return row_of(line).run({line, log, CalledAs::Face});
  } catch (const Error& error) {
    report_as(command.name, error);
    return status_of(error, kFaceFailed);
  }
}

int run_program(std::string_view called, std::span<const char* const> arguments) {
  sys::fill_standard_fds().or_throw("open /dev/null in place of a closed standard descriptor");
  const Command* stands_in = face(called.substr(called.rfind('/') + 1));
  return stands_in == nullptr ? run_caisson(arguments) : run_face(*stands_in, arguments);
}

}  // namespace
}  // namespace caisson::app::human

int main(int argc, char** argv) {
  using namespace caisson;
  sys::keep_arguments(argc, argv);
  int status = 125;
  try {
    const auto count = static_cast<std::size_t>(argc > 0 ? argc - 1 : 0);
    status = app::human::run_program(argc > 0 ? argv[0] : "", {argv + (count > 0 ? 1 : 0), count});
  } catch (const std::exception& unexpected) {  // no memory, or a bug
    app::print_error(text::join("caisson: ", unexpected.what(), '\n'));
  }
  app::end_program(status);
}
