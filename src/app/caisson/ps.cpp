// caisson ps: the containers of the caller.
#include <algorithm>

#include "app/caisson/commands.hpp"
#include "app/caisson/inspect_settings.hpp"
#include "app/caisson/life_rows.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/report.hpp"
#include "app/text_table.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"
#include "life/clock.hpp"
#include "life/name.hpp"
#include "service/page.hpp"

namespace caisson::app::human {
namespace {

constexpr std::size_t kShortCommand = 20;

std::string shown_command(const life::Record& record, bool whole) {
  std::string text = text::join("\"", text::join_with(record.args, " "), "\"");
  if (!whole && text.size() > kShortCommand) text = text::join(text.substr(0, kShortCommand - 4), "...\"");
  return text;
}

// Of a container that has ended they say nothing.
std::string shown_ports(const std::string& state_root, const LifeRow& row) {
  return life::is_live(row.seen.phase) ? ports_text(state_root, row.record) : "";
}

std::string as_table(const std::vector<LifeRow>& rows, bool whole, const std::string& state_root) {
  TextTable table({"CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"});
  for (const LifeRow& row : rows) {
    const life::Record& record = row.record;
    table.add({whole ? record.id : life::short_id(record.id), image_of(record), shown_command(record, whole),
               created_text(record), row.status, shown_ports(state_root, row), record.name});
  }
  return table.text();
}

std::string as_json(const std::vector<LifeRow>& rows, const std::string& state_root) {
  json::Writer out(json::kTwoSpaces);
  out.begin_array();
  for (const LifeRow& row : rows) {
    const life::Record& record = row.record;
    out.begin_object();
    out.key("Id").string(record.id).key("Name").string(record.name).key("Image").string(image_of(record));
    out.key("Command").begin_array();
    for (const std::string& word : record.args) out.string(word);
    out.end_array();
    out.key("Created").string(time_text(record.created)).key("Status").string(row.status);
    out.key("State").string(life::phase_name(row.seen.phase)).key("Pid").integer(row.seen.pid);
    out.key("Ports").string(shown_ports(state_root, row));
    if (row.seen.exit) out.key("ExitCode").integer(row.seen.exit->code);
    out.end_object();
  }
  out.end_array();
  return out.take() + '\n';
}

struct ServiceLine {
  std::string container;
  service::Seen seen;
};

std::vector<ServiceLine> service_lines(const DetachedContainers& containers, const std::vector<LifeRow>& rows) {
  std::vector<ServiceLine> lines;
  for (const LifeRow& row : rows)
    if (const auto all = service::look(containers.context().state_root, row.record.id))
      for (const service::Seen& one : *all) lines.push_back({row.record.name, one});
  return lines;
}

std::string services_as_table(const std::vector<ServiceLine>& lines) {
  TextTable table({"CONTAINER", "SERVICE", "STATE", "SINCE", "PID", "RESTARTS", "LAST STATUS"});
  const std::int64_t now = life::current_moment() / life::kSecond;
  for (const auto& [container, seen] : lines)
    table.add({container, seen.name, std::string(service::state_name(seen.state)),
               text::join(life::duration_text(std::max<std::int64_t>(now - seen.since, 0))), text::join(seen.pid),
               text::join(seen.restarts), seen.starts > 1 || seen.pid == 0 ? text::join(seen.status) : "-"});
  return table.text();
}

std::string services_as_json(const std::vector<ServiceLine>& lines) {
  json::Writer out(json::kTwoSpaces);
  out.begin_array();
  for (const auto& [container, seen] : lines) {
    out.begin_object().key("Container").string(container).key("Service").string(seen.name);
    out.key("State").string(service::state_name(seen.state)).key("Pid").integer(seen.pid);
    out.key("Starts").integer(seen.starts).key("Restarts").integer(seen.restarts).key("LastStatus").integer(seen.status);
    out.key("Since").string(time_text(seen.since * life::kSecond)).end_object();
  }
  out.end_array();
  return out.take() + '\n';
}

}  // namespace

int ps(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  const DetachedContainers containers(invocation);
  const std::vector<LifeRow> rows = life_rows(containers, options.flag("all"));
  if (options.flag("services")) {
    const std::vector<ServiceLine> lines = service_lines(containers, rows);
    print_out(options.flag("json") ? services_as_json(lines) : services_as_table(lines));
    return 0;
  }
  const bool whole = options.flag("no-trunc");
  const std::string& state_root = containers.context().state_root;
  if (options.flag("json")) {
    print_out(as_json(rows, state_root));
  } else if (options.flag("quiet")) {
    std::string ids;
    for (const LifeRow& row : rows) ids += text::join(whole ? row.record.id : life::short_id(row.record.id), "\n");
    print_out(ids);
  } else {
    print_out(as_table(rows, whole, state_root));
  }
  return 0;
}

}  // namespace caisson::app::human
