// caisson ps: the detached containers of the caller.
#include "app/caisson/commands.hpp"
#include "app/caisson/life_rows.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/report.hpp"
#include "app/text_table.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"
#include "life/name.hpp"

namespace caisson::app::human {
namespace {

constexpr std::size_t kShortCommand = 20;

std::string shown_command(const life::Record& record, bool whole) {
  std::string text = text::join("\"", text::join_with(record.args, " "), "\"");
  if (!whole && text.size() > kShortCommand) text = text::join(text.substr(0, kShortCommand - 4), "...\"");
  return text;
}

std::string as_table(const std::vector<LifeRow>& rows, bool whole) {
  TextTable table({"CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "NAMES"});
  for (const LifeRow& row : rows) {
    const life::Record& record = row.entry.record;
    table.add({whole ? record.id : life::short_id(record.id), image_of(record), shown_command(record, whole),
               created_text(record), row.status, record.name});
  }
  return table.text();
}

std::string as_json(const std::vector<LifeRow>& rows) {
  json::Writer out(json::kTwoSpaces);
  out.begin_array();
  for (const LifeRow& row : rows) {
    const life::Record& record = row.entry.record;
    out.begin_object();
    out.key("Id").string(record.id).key("Name").string(record.name).key("Image").string(image_of(record));
    out.key("Command").begin_array();
    for (const std::string& word : record.args) out.string(word);
    out.end_array();
    out.key("Created").string(time_text(record.created)).key("Status").string(row.status);
    out.key("State").string(life::phase_name(row.seen.phase)).key("Pid").integer(row.seen.pid);
    if (row.seen.exit) out.key("ExitCode").integer(row.seen.exit->code);
    out.end_object();
  }
  out.end_array();
  return out.take() + '\n';
}

}  // namespace

int ps(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  const DetachedContainers containers(invocation);
  const std::vector<LifeRow> rows = life_rows(containers, options.flag("all"));
  const bool whole = options.flag("no-trunc");
  if (options.flag("json")) {
    print_out(as_json(rows));
  } else if (options.flag("quiet")) {
    std::string ids;
    for (const LifeRow& row : rows) ids += text::join(whole ? row.entry.id() : life::short_id(row.entry.id()), "\n");
    print_out(ids);
  } else {
    print_out(as_table(rows, whole));
  }
  return 0;
}

}  // namespace caisson::app::human
