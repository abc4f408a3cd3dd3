#include "app/caisson_oci/commands.hpp"
#include "app/caisson_oci/exec_process.hpp"
#include "app/paths.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "spec/read_config.hpp"
#include "spec/validate.hpp"
#include "sys/file.hpp"

namespace caisson::app::oci {

namespace {

std::span<const std::string_view> command_words(const Invocation& invocation) {
  auto words = std::span(invocation.line.operands).subspan(1);
  // `exec ID -- COMMAND`: people set the command apart that way, and no program is called "--".
  if (!words.empty() && words.front() == "--") words = words.subspan(1);
  return words;
}

caisson::spec::Process process_from_file(std::string_view path) {
  const std::string absolute = absolute_path(path);
  const std::string text = sys::read_file(sys::kCwd, absolute.c_str()).or_throw("option --process: read ", absolute);
  try {
    caisson::spec::Process process = caisson::spec::read_process(text);
    caisson::spec::validate_process(process);
    return process;
  } catch (Error& error) {
    throw std::move(error.within(text::join("option --process: ", absolute)));
  }
}

void want_process(lifecycle::ExecRequest& request, const Invocation& invocation) {
  const auto words = command_words(invocation);
  const std::optional<std::string_view> file = invocation.options().value("process");
  if (file && words.empty()) {
    request.process = process_from_file(*file);
    return;
  }
  if (file) throw Error(ErrorKind::Usage, "exec takes --process or a command, not both");
  if (words.empty()) {
    throw Error(ErrorKind::Usage, "exec misses a command").with_hint("usage: exec [OPTION...] ID COMMAND [ARGUMENT...]");
  }
  request.of_configured = [&invocation, words](caisson::spec::Process&& base) {
    return exec_process(std::move(base), invocation.options(), words);
  };
}

}  // namespace

int exec(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  lifecycle::ExecRequest request;
  request.id = invocation.operand(0);
  want_process(request, invocation);
  request.console_socket = absolute_path(options.text("console-socket"));
  request.pid_file = absolute_path(options.text("pid-file"));
  request.pidfd_socket = absolute_path(options.text("pidfd-socket"));
  request.detach = options.flag("detach");
  request.ignore_paused = options.flag("ignore-paused");
  request.preserve_fds = options.number("preserve-fds").value_or(0);
  request.cgroups = lifecycle::parse_sub_cgroups(options.values("cgroup"));
  return lifecycle::exec(invocation.context, request);
}

}  // namespace caisson::app::oci
