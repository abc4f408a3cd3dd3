#include "life/unnamed.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/rfc3339.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "life/abandoned.hpp"
#include "life/log_reader.hpp"
#include "request/run_wish.hpp"
#include "spec/read_config.hpp"

namespace caisson::life {
namespace {

Record record_of(const state::Record& known) {
  Record record{.id = known.id, .name = known.id};
  record.created = record.started = parse_rfc3339(known.created).value_or(0);
  record.foreground = record.remove_at_end = true;
  record.run = 1;
  const spec::Spec made = spec::read_config(known.config);
  if (made.process) record.args = made.process->args;
  if (const auto image = made.annotations.find(request::kImageName); image != made.annotations.end())
    record.image = image->second;
  if (record.image.empty() && known.rootfs != "/") record.options.push_back({.name = "rootfs", .value = known.rootfs});
  return record;
}

}  // namespace

std::vector<Unnamed> unnamed_runs(const lifecycle::Context& context) {
  std::vector<Unnamed> runs;
  const auto root = state::StateRoot::open(context.state_root);
  if (!root) return runs;
  const std::string boot_id = host::read_boot_id();
  for (const state::Entry& entry : root->list()) {
    if (!entry.id.starts_with(kForegroundPrefix)) continue;
    auto file = root->find(entry.id);
    if (!file) continue;
    const lifecycle::Container container = lifecycle::read_container(*std::move(file), boot_id);
    const bool paused = container.live.status == state::Status::Paused;
    if (!container.record || (container.live.status != state::Status::Running && !paused)) continue;
    Seen seen{.phase = paused ? Phase::Paused : Phase::Running, .exit = {}, .has_keeper = true, .has_remains = true};
    seen.pid = container.record->init.pid;
    runs.push_back({.record = record_of(*container.record), .seen = seen});
  }
  std::ranges::sort(runs, [](const Unnamed& a, const Unnamed& b) { return a.record.created > b.record.created; });
  return runs;
}

void refuse_unnamed(const lifecycle::Context& context, std::string_view word) {
  if (!word.starts_with(kForegroundPrefix)) return;
  for (const Unnamed& one : unnamed_runs(context))
    if (one.record.id == word)
      throw Error(ErrorKind::State, text::join("container ", word, " is in the foreground, and has no name"))
          .with_hint(
              text::join("with --name every command reaches it; this one ends with its program, or by kill ", one.seen.pid));
}

}  // namespace caisson::life
