#include "app/caisson_oci/commands.hpp"
#include "app/host_ps.hpp"
#include "app/report.hpp"
#include "json/writer.hpp"

namespace caisson::app::oci {

namespace {

std::string json_of(const std::vector<pid_t>& pids) {
  json::Writer out(json::kCompact);
  out.begin_array();
  for (const pid_t pid : pids) out.integer(pid);
  out.end_array();
  return out.take() + '\n';
}

}  // namespace

int ps(const Invocation& invocation) {
  const Format format = format_of(invocation.options());
  const std::vector<pid_t> pids = lifecycle::ps(invocation.context, invocation.operand(0));
  if (format == Format::Json) {
    print_out(json_of(pids));
    return 0;
  }
  std::vector<std::string_view> arguments(invocation.line.operands.begin() + 1, invocation.line.operands.end());
  if (arguments.empty()) arguments.push_back("-ef");
  print_out(lines_of_processes(run_ps(arguments), pids));
  return 0;
}

}  // namespace caisson::app::oci
