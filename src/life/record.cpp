#include "life/record.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/fields.hpp"
#include "state/identity_fields.hpp"

namespace caisson::life {

template <class Fields, json::same_struct<GivenOption> O>
void visit_fields(Fields& fields, O& option) {
  fields.required("name", option.name);
  fields.optional("value", option.value);
}

template <class Fields, json::same_struct<Record> R>
void visit_fields(Fields& fields, R& record) {
  fields.required("id", record.id);
  fields.required("name", record.name);
  fields.required("created", record.created);
  fields.required("directory", record.directory);
  fields.optional("options", record.options);
  fields.optional("command", record.command);
  fields.optional("image", record.image);
  fields.optional("volumes", record.volumes);
  fields.optional("exposed", record.exposed);
  fields.optional("removeAtEnd", record.remove_at_end);
  fields.optional("layer", record.layer);
  fields.optional("foreground", record.foreground);
  fields.required("restart", record.restart);
  fields.required("stopSignal", record.stop_signal);
  fields.optional("logMostBytes", record.log_most_bytes);
  fields.required("logFiles", record.log_files);
  fields.optional("run", record.run);
  fields.optional("started", record.started);
  fields.optional("bootId", record.boot_id);
  fields.optional("args", record.args);
  fields.optional("error", record.error);
  fields.optional("stageAt", record.stage_at);
  fields.optional("stoppedByUser", record.stopped_by_user);
  fields.optional("restarting", record.restarting);
  fields.optional("restarts", record.restarts);
  fields.optional("delayMs", record.delay_ms);
  fields.optional("keeper", record.keeper);
}

const GivenOption* Record::option(std::string_view option_name) const noexcept {
  const auto given = std::ranges::find(options, option_name, &GivenOption::name);
  return given == options.end() ? nullptr : &*given;
}

std::string Record::option_text(std::string_view option_name) const {
  const GivenOption* given = option(option_name);
  return given == nullptr ? std::string() : given->value.value_or("");
}

std::string to_json(const Record& record) { return json::write_document(record, json::kCompact); }

Record parse_record(std::string_view json) {
  try {
    return json::read_document<Record>(json);
  } catch (const Error& error) {
    throw Error(ErrorKind::State, text::join("the record of the container cannot be read: ", error.message()))
        .with_hint("caisson prune removes what is left of it");
  }
}

std::string exit_text(const Exit& exit) {
  std::array<char, launch::kExitRecordSize> text{};
  launch::put_exit_record(text.data(), exit);
  return {text.data(), text.size()};
}

std::optional<Exit> parse_exit(std::string_view text) {
  if (text.size() != launch::kExitRecordSize || text.back() != '\n') return std::nullopt;
  const std::vector<std::string_view> words = text::split(text::trim(text), ' ');
  if (words.size() != 9 || words[0] != "run" || words[2] != "code" || words[4] != "signal" || words[6] != "at")
    return std::nullopt;
  const auto run = text::parse_number<std::uint32_t>(words[1]);
  const auto code = text::parse_number<std::int32_t>(words[3]);
  const auto signal = text::parse_number<std::int32_t>(words[5]);
  const auto seconds = text::parse_number<std::int64_t>(words[7]);
  const auto nanoseconds = text::parse_number<std::int64_t>(words[8]);
  if (!run || !code || !signal || !seconds || !nanoseconds) return std::nullopt;
  return Exit{.run = *run, .code = *code, .signal = *signal, .seconds = *seconds, .nanoseconds = *nanoseconds};
}

}  // namespace caisson::life
