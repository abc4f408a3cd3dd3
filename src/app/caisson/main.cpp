// caisson: the command line for people.
#include <cerrno>
#include <exception>
#include <optional>

#include "app/caisson/grammar.hpp"
#include "app/caisson/run.hpp"
#include "app/end_program.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/standard_fds.hpp"

namespace caisson::app::human {
namespace {

// As docker and podman: 125 the tool itself failed, 126 the program cannot be executed, 127 it was not found.
constexpr int kToolFailed = 125;
constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;

int status_of(const Error& error) {
  if (error.kind() != ErrorKind::Payload) return kToolFailed;
  const bool missing = error.errno_value() == ENOENT || error.message().find("not found") != std::string::npos ||
                       error.message().find("no such file") != std::string::npos;
  return missing ? kNotFound : kCannotExecute;
}

int carry_out(const Parsed& line, LogSink& log) {
  if (line.global.flag("version")) {
    print_out(text::join("caisson version ", CAISSON_VERSION, "\ncommit: ", CAISSON_COMMIT, "\n"));
    return 0;
  }
  if (line.help || line.command == nullptr) {
    print_out(line.command == nullptr ? help_text(grammar()) : help_text(grammar(), *line.command));
    return 0;
  }
  return run({line, log});
}

int run_program(std::span<const char* const> arguments) {
  sys::fill_standard_fds().or_throw("open /dev/null in place of a closed standard descriptor");
  LogSink log({.program = "caisson"}, system_log_output());
  try {
    Parsed line;
    parse(grammar(), arguments, line);
    return carry_out(line, log);
  } catch (const Error& error) {
    report("caisson", error, log);
    return status_of(error);
  }
}

}  // namespace
}  // namespace caisson::app::human

int main(int argc, char** argv) {
  using namespace caisson;
  int status = 125;
  try {
    const auto count = static_cast<std::size_t>(argc > 0 ? argc - 1 : 0);
    status = app::human::run_program({argv + (count > 0 ? 1 : 0), count});
  } catch (const std::exception& unexpected) {  // no memory, or a bug
    app::print_error(text::join("caisson: ", unexpected.what(), '\n'));
  }
  app::end_program(status);
}
