#include "life/look.hpp"

#include "host/facts.hpp"
#include "lifecycle/commands.hpp"
#include "network/attachment.hpp"
#include "state/store.hpp"

namespace caisson::life {

Seen look(const lifecycle::Context& context, const Entry& entry) {
  Seen seen{.has_keeper = entry.has_keeper()};
  Signs signs{.has_keeper = seen.has_keeper};
  const auto root = state::StateRoot::open(context.state_root);
  std::optional<state::ContainerFile> file;
  if (root) file = root->find(entry.id());
  if (file) {
    seen.has_remains = true;
    const lifecycle::Container container = lifecycle::read_container(*std::move(file), host::read_boot_id());
    signs.runs = container.live.init && container.live.status != state::Status::Creating;
    signs.paused = container.live.status == state::Status::Paused;
    if (signs.runs) seen.pid = container.record->init.pid;
  }
  std::optional<Exit> exit = entry.exit();
  seen.phase = derive_phase(entry.record, exit, signs);
  if (seen.phase == Phase::Ended || seen.phase == Phase::Restarting) seen.exit = exit;
  return seen;
}

std::optional<lifecycle::Container> live_container(const lifecycle::Context& context, const Entry& entry) {
  const auto root = state::StateRoot::open(context.state_root);
  std::optional<state::ContainerFile> file;
  if (root) file = root->find(entry.id());
  if (!file) return std::nullopt;
  lifecycle::Container container = lifecycle::read_container(*std::move(file), host::read_boot_id());
  if (!container.live.init) return std::nullopt;
  return container;
}

void clean_up_run(const lifecycle::Context& context, const std::string& id) {
  lifecycle::destroy(context, {.id = id, .force = true});
  network::release({.places = network::places_of(context.state_root), .boot_id = host::read_boot_id(), .log = context.log}, id);
}

std::optional<Seen> look_and_repair(const lifecycle::Context& context, Entry& entry) {
  const auto needs_repair = [&entry](const Seen& seen) {
    const bool over = !is_live(seen.phase) && !seen.has_keeper;
    return over && (seen.has_remains || (entry.record.remove_at_end && entry.record.run > 0));
  };
  Seen seen = look(context, entry);
  if (!needs_repair(seen)) return seen;
  if (entry.is_removed()) return std::nullopt;
  entry.lock();
  seen = look(context, entry);  // somebody may have started it meanwhile
  if (needs_repair(seen)) {
    clean_up_run(context, entry.id());
    if (entry.record.remove_at_end && entry.record.run > 0) {
      entry.remove();
      return std::nullopt;
    }
    seen = look(context, entry);
  }
  entry.unlock();
  return seen;
}

}  // namespace caisson::life
