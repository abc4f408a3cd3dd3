#include "app/caisson_oci/commands.hpp"
#include "app/report.hpp"
#include "app/text_table.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::app::oci {

namespace {

std::string table_of(const std::vector<spec::State>& states) {
  TextTable table({"ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"});
  for (const spec::State& state : states) {
    table.add({state.id, text::join(state.pid), state.status, state.bundle, state.created, state.owner});
  }
  return table.text();
}

std::string ids_of(const std::vector<spec::State>& states) {
  std::string out;
  for (const spec::State& state : states) out += state.id + '\n';
  return out;
}

}  // namespace

Format format_of(const OptionValues& options) {
  const std::string_view name = options.value("format").value_or("table");
  if (name == "table") return Format::Table;
  if (name == "json") return Format::Json;
  throw Error(ErrorKind::Usage, text::join("invalid --format ", text::quoted(name))).with_hint("it is table or json");
}

int list(const Invocation& invocation) {
  const Format format = format_of(invocation.options());
  std::vector<spec::State> states;
  for (lifecycle::ListEntry& entry : lifecycle::list(invocation.context)) {
    if (entry.problem.empty()) {
      states.push_back(std::move(entry.state));
    } else {
      print_error(text::join(invocation.context.program_name, ": container ", entry.state.id, ": ", entry.problem, '\n'));
    }
  }
  if (invocation.options().flag("quiet")) {
    print_out(ids_of(states));
  } else {
    print_out(format == Format::Json ? spec::write_state_list(states) + '\n' : table_of(states));
  }
  return 0;
}

}  // namespace caisson::app::oci
