// caisson-oci: the OCI runtime command line.
#include <array>
#include <exception>
#include <optional>

#include "app/caisson_oci/commands.hpp"
#include "app/caisson_oci/global_options.hpp"
#include "app/caisson_oci/grammar.hpp"
#include "app/complete.hpp"
#include "app/end_program.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/standard_fds.hpp"

namespace caisson::app::oci {
namespace {

struct Row {
  std::string_view name;
  int (*run)(const Invocation&);
  // What an error says was being done to the container; empty where the life cycle says it itself, or where there is none.
  std::string_view doing = {};
};
constexpr std::array kRows{
    Row{"create", create},
    Row{"start", start, "start container"},
    Row{"run", run},
    Row{"exec", exec, "exec in container"},
    Row{"state", state, "tell the state of container"},
    Row{"kill", kill, "send a signal to container"},
    Row{"delete", destroy, "delete container"},
    Row{"list", list},
    Row{"ps", ps, "list the processes of container"},
    Row{"spec", spec},
    Row{"features", features},
    Row{"plan", plan},
    Row{kCompleteCommand, complete_word},
};

constexpr int kFailure = 1;
constexpr int kExecFailure = 255;  // so that engines can tell it from what the command itself returned

int print_version() {
  print_out(text::join(grammar().name, " version ", CAISSON_VERSION, "\ncommit: ", CAISSON_COMMIT,
                       "\nspec: ", caisson::spec::kSpecVersion, '\n'));
  return 0;
}

int print_help(const Parsed& line) {
  print_out(line.command == nullptr ? help_text(grammar()) : help_text(grammar(), *line.command));
  return 0;
}

// A wrong command line is no failure of what it asks for.
int run_row(const Row& row, const Invocation& invocation) {
  try {
    return row.run(invocation);
  } catch (Error& error) {
    if (row.doing.empty() || error.kind() == ErrorKind::Usage) throw;
    throw std::move(error.within(text::join(row.doing, ' ', text::quoted(invocation.operand(0)))));
  }
}

int carry_out(const Parsed& line, LogSink& log) {
  if (line.global.flag("version")) return print_version();
  if (line.help || line.command == nullptr) return print_help(line);
  lifecycle::Context context = context_of(line.global, grammar().name);
  context.log = &log;
  for (const Row& row : kRows)
    if (row.name == line.command->name) return run_row(row, {line, context});
  throw Error(ErrorKind::Usage, text::join("no such command: ", line.command->name));
}

// A log that cannot be used must not hide the error that is to be reported.
LogSink log_of(const Parsed& line, std::optional<Error>& error) {
  try {
    return {log_options(line, grammar().name), system_log_output()};
  } catch (const Error& unusable) {
    if (!error) error = unusable;
    return {LogOptions{.program = std::string(grammar().name)}, system_log_output()};
  }
}

int run_program(std::span<const char* const> arguments) {
  sys::fill_standard_fds().or_throw("open /dev/null in place of a closed standard descriptor");
  Parsed line;
  std::optional<Error> error;
  try {
    parse(grammar(), arguments, line);
  } catch (const Error& wrong) {
    error = wrong;
  }
  LogSink log = log_of(line, error);
  try {
    if (!error) return carry_out(line, log);
  } catch (const Error& failed) {
    error = failed;
  }
  report(grammar().name, *error, log);
  return line.command != nullptr && line.command->name == "exec" ? kExecFailure : kFailure;
}

}  // namespace
}  // namespace caisson::app::oci

int main(int argc, char** argv) {
  using namespace caisson;
  int status = 1;
  try {
    const auto count = static_cast<std::size_t>(argc > 0 ? argc - 1 : 0);
    status = app::oci::run_program({argv + (count > 0 ? 1 : 0), count});
  } catch (const std::exception& unexpected) {  // no memory, or a bug
    app::print_error(text::join("caisson-oci: ", unexpected.what(), '\n'));
  }
  app::end_program(status);
}
