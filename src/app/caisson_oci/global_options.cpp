#include "app/caisson_oci/global_options.hpp"

#include <stdlib.h>

#include <algorithm>
#include <array>

#include "app/paths.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "host/state_root.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::app::oci {

namespace {

// One row per word that an option takes.
template <class Value>
struct Word {
  std::string_view word;
  Value value;
};

constexpr std::array kFormats{Word<LogFormat>{"text", LogFormat::Text}, Word<LogFormat>{"json", LogFormat::Json}};
constexpr std::array kLevels{Word<LogLevel>{"error", LogLevel::Error}, Word<LogLevel>{"warning", LogLevel::Warning},
                             Word<LogLevel>{"debug", LogLevel::Debug}};
constexpr std::array kDrivers{Word<cgroup::Driver>{"cgroupfs", cgroup::Driver::Cgroupfs},
                              Word<cgroup::Driver>{"systemd", cgroup::Driver::Systemd},
                              Word<cgroup::Driver>{"disabled", cgroup::Driver::Disabled}};
constexpr std::array kWhens{Word<int>{"true", 1}, Word<int>{"false", 0}, Word<int>{"auto", -1}};
// podman and containerd read their logs of these commands as one record.
constexpr std::array<std::string_view, 3> kOneRecordCommands{"create", "run", "exec"};

template <class Value, std::size_t N>
Value value_of(const OptionValues& options, std::string_view name, const std::array<Word<Value>, N>& words, Value usual) {
  const std::optional<std::string_view> written = options.value(name);
  if (!written) return usual;
  std::string known;
  for (const Word<Value>& row : words) {
    if (row.word == *written) return row.value;
    known += text::join(known.empty() ? "" : ", ", row.word);
  }
  throw Error(ErrorKind::Usage, text::join("invalid --", name, ' ', text::quoted(*written))).with_hint("known are " + known);
}

void require_directory_of(const std::string& log) {
  const std::string directory = log.substr(0, std::max<std::size_t>(1, log.rfind('/')));
  if (const auto status = sys::status_at(sys::kCwd, directory.c_str()); !status.ok()) {
    throw Error(ErrorKind::Kernel, text::join("open the log ", text::quoted(log)), status.err());
  }
}

std::string_view variable(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// Root of a user namespace that was entered for it, as podman does for an ordinary user: its state is the user's. Somebody who
// calls himself root there (a container that runs containers) has a /run of his own.
bool is_namespace_root() {
  if (variable("USER") == "root") return false;
  constexpr std::string_view kWholeMap = "0 0 4294967295";
  const std::string map = sys::read_file(sys::kCwd, "/proc/self/uid_map").value_or({});
  std::string words;
  for (const std::string_view word : text::split(text::trim(map), ' '))
    if (!word.empty()) words += text::join(words.empty() ? "" : " ", word);
  return !words.empty() && words != kWholeMap;
}

std::string usual_state_root() {
  const std::string_view runtime_directory = variable("XDG_RUNTIME_DIR");
  const uid_t uid = sys::effective_uid();
  constexpr uid_t kSomebody = 65534;
  const bool as_user = uid == 0 && !runtime_directory.empty() && is_namespace_root();
  return host::default_state_root(as_user ? kSomebody : uid, runtime_directory);
}

std::string state_root_of(const OptionValues& global) {
  if (!global.has("root")) return usual_state_root();
  std::string root = absolute_path(global.text("root"));
  if (root.empty() || text::clean_path(root) == "/") {
    throw Error(ErrorKind::Usage, text::join("--root cannot be ", text::quoted(global.text("root"))))
        .with_hint("name a directory of its own: one directory per container is made below it");
  }
  return root;
}

}  // namespace

LogOptions log_options(const Parsed& line, std::string_view program) {
  const OptionValues& global = line.global;
  LogOptions out{.program = std::string(program)};
  out.path = absolute_path(global.text("log"));
  out.format = value_of(global, "log-format", kFormats, LogFormat::Text);
  out.most = value_of(global, "log-level", kLevels, global.flag("debug") ? LogLevel::Debug : LogLevel::Warning);
  const bool asked_for_more = global.flag("debug") || global.has("log-level");
  const bool one_record =
      line.command != nullptr && std::ranges::find(kOneRecordCommands, line.command->name) != kOneRecordCommands.end();
  out.only_errors_in_file = out.format == LogFormat::Json && one_record && !asked_for_more;
  if (!out.path.empty()) require_directory_of(out.path);
  return out;
}

lifecycle::Context context_of(const OptionValues& global, std::string_view program) {
  lifecycle::Context out;
  out.program_name = program;
  out.state_root = state_root_of(global);
  const cgroup::Driver by_flag = global.flag("systemd-cgroup") ? cgroup::Driver::Systemd : cgroup::Driver::Cgroupfs;
  out.cgroup_manager = value_of(global, "cgroup-manager", kDrivers, by_flag);
  (void)value_of(global, "rootless", kWhens, -1);  // checked, and found out by itself
  out.explain = global.flag("explain");
  out.trace_file = absolute_path(global.text("trace"));
  return out;
}

}  // namespace caisson::app::oci
