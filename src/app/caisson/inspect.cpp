// caisson inspect: one object for each container, under the names that scripts for other engines know.
#include "app/caisson/commands.hpp"
#include "app/caisson/inspect_settings.hpp"
#include "app/caisson/life_rows.hpp"
#include "app/caisson/run_file.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "image/members.hpp"
#include "json/writer.hpp"
#include "life/restart_policy.hpp"

namespace caisson::app::human {
namespace {

void write_state(json::Writer& out, const LifeRow& row) {
  using life::Phase;
  const Phase phase = row.seen.phase;
  const bool lost = phase == Phase::Lost;
  out.key("State").begin_object();
  out.key("Status").string(life::phase_name(phase));
  out.key("Running").boolean(life::is_live(phase)).key("Paused").boolean(phase == Phase::Paused);
  out.key("Restarting").boolean(phase == Phase::Restarting).key("Dead").boolean(false);
  out.key("Lost").boolean(lost);
  out.key("Pid").integer(row.seen.pid);
  out.key("ExitCode").integer(row.seen.exit ? row.seen.exit->code : lost ? life::kUnknownStatus : 0);
  out.key("Error").string(row.record.error);
  out.key("StartedAt").string(time_text(row.record.started));
  out.key("FinishedAt").string(time_text(row.seen.exit ? life::nanoseconds_of(*row.seen.exit) : 0));
  out.end_object();
}

void write_options(json::Writer& out, const life::Record& record) {
  out.key("Options").begin_array();
  for (const life::GivenOption& option : record.options) {
    out.begin_object().key("Name").string(option.name);
    if (option.value) out.key("Value").string(*option.value);
    out.end_object();
  }
  out.end_array();
}

void write_policy(json::Writer& out, const life::Record& record) {
  const std::size_t colon = record.restart.find(':');
  out.key("RestartPolicy").begin_object().key("Name").string(record.restart.substr(0, colon));
  out.key("MaximumRetryCount").integer(life::parse_restart_policy(record.restart).most).end_object();
}

struct InspectPlaces {
  const std::string& directory;  // of the container
  const std::string& state_root;
};

void write_container(json::Writer& out, const LifeRow& row, const InspectPlaces& places) {
  const life::Record& record = row.record;
  out.begin_object();
  out.key("Id").string(record.id).key("Name").string(record.name).key("Created").string(time_text(record.created));
  out.key("Path").string(record.args.empty() ? "" : record.args.front());
  out.key("Args").begin_array();
  for (std::size_t i = 1; i < record.args.size(); ++i) out.string(record.args[i]);
  out.end_array();
  write_state(out, row);
  out.key("Image").string(image_of(record));
  out.key("RestartCount").integer(record.restarts);
  out.key("LogPath").string(text::join(places.directory, "/log"));
  out.key("HostConfig").begin_object();
  write_policy(out, record);
  out.key("AutoRemove").boolean(record.remove_at_end);
  out.key("LogConfig").begin_object().key("Type").string("k8s-file");
  out.key("MaxSize").integer(record.log_most_bytes).key("MaxFiles").integer(record.log_files).end_object();
  out.end_object();
  out.key("Config").begin_object().key("StopSignal").string(record.stop_signal);
  out.key("WorkingDirectoryOfRun").string(record.directory);
  image::write_set(out, "ExposedPorts", record.exposed);
  image::write_set(out, "Volumes", record.volumes);
  write_options(out, record);
  out.key("Command").begin_array();
  for (const std::string& word : record.command) out.string(word);
  out.end_array().end_object();
  write_mounts(out, record, places.directory);
  write_network_settings(out, places.state_root, record);
  out.end_object();
}

int print_as_file(const Invocation& invocation, const DetachedContainers& containers) {
  if (invocation.line.operands.size() > 1)
    throw Error(ErrorKind::Usage, "--as-file: a file is about one container").with_hint("name one of them");
  const life::Entry entry = containers.find(invocation.operand(0));
  const FileForm form = invocation.options().flag("json") ? FileForm::Json : FileForm::Toml;
  print_out(write_option_file(file_of(entry.record), form, table_of_word));
  return 0;
}

}  // namespace

int inspect(const Invocation& invocation) {
  const DetachedContainers containers(invocation);
  if (invocation.options().flag("as-file")) return print_as_file(invocation, containers);
  if (invocation.options().has("json"))
    throw Error(ErrorKind::Usage, "--json: belongs to --as-file").with_hint("without it the output is JSON anyway");
  json::Writer out(json::kFourSpaces);
  out.begin_array();
  for (const std::string_view word : invocation.line.operands) {
    life::Entry entry = containers.find(word);
    const life::Seen seen = life::look(containers.context(), entry);
    write_container(out, life_row(entry.record, seen), {entry.path(), containers.context().state_root});
  }
  out.end_array();
  print_out(out.take() + '\n');
  return 0;
}

}  // namespace caisson::app::human
