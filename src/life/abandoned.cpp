#include "life/abandoned.hpp"

#include "host/facts.hpp"
#include "life/look.hpp"
#include "lifecycle/container.hpp"

namespace caisson::life {

std::vector<std::string> remove_abandoned(const lifecycle::Context& context) {
  std::vector<std::string> removed;
  const auto root = state::StateRoot::open(context.state_root);
  if (!root) return removed;
  const std::string boot_id = host::read_boot_id();
  for (const state::Entry& entry : root->list()) {
    if (!entry.id.starts_with(kForegroundPrefix)) continue;
    auto file = root->find(entry.id);
    if (!file || lifecycle::read_container(*std::move(file), boot_id).live.status != state::Status::Stopped) continue;
    clean_up_run(context, entry.id);
    removed.push_back(entry.id);
  }
  return removed;
}

}  // namespace caisson::life
