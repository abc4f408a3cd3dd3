#include "state/status.hpp"

#include <array>

namespace caisson::state {

std::string_view status_name(Status status) noexcept {
  static constexpr std::array<std::string_view, 5> kNames{"creating", "created", "running", "paused", "stopped"};
  return kNames[static_cast<std::size_t>(status)];
}

Status derive_status(const Signs& signs) noexcept {
  if (!signs.record) return signs.being_made ? Status::Creating : Status::Stopped;
  if (!signs.init_alive) return Status::Stopped;
  if (signs.init_prepares) return Status::Creating;
  return signs.start_pending ? Status::Created : Status::Running;
}

Status with_freezer(Status status, bool frozen) noexcept {
  return frozen && (status == Status::Created || status == Status::Running) ? Status::Paused : status;
}

Live live_status(const ContainerFile& file, const std::optional<Record>& record, std::string_view boot_id) {
  Live live;
  Signs signs{.record = record.has_value()};
  if (record)
    live.init = open_verified(record->init, boot_id);
  else
    signs.being_made = file.in_use_elsewhere();
  if (live.init) {
    const auto executed = has_executed(record->init, *live.init);
    if (!executed) live.init.reset();
    signs.init_prepares = executed == false;
  }
  signs.init_alive = live.init.has_value();
  signs.start_pending = signs.init_alive && file.start_pending();
  live.status = derive_status(signs);
  return live;
}

}  // namespace caisson::state
