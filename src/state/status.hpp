// The status of a container is never stored: it is derived from what is true now.
//   intent without record, creator alive   creating
//   init alive, start.sock there           created
//   init alive, start.sock gone            running (paused when its cgroup is frozen)
//   anything else                          stopped
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "state/store.hpp"
#include "sys/fd.hpp"

namespace caisson::state {

enum class Status : std::uint8_t { Creating, Created, Running, Paused, Stopped };
std::string_view status_name(Status status) noexcept;  // "creating", ...

struct Signs {
  bool record = false;         // state.json can be read
  bool creator_alive = false;  // of the intent; looked at only without a record
  bool init_alive = false;
  bool start_pending = false;
};
Status derive_status(const Signs& signs) noexcept;
// A frozen cgroup turns created and running into paused.
Status with_freezer(Status status, bool frozen) noexcept;

struct Live {
  Status status = Status::Stopped;
  std::optional<sys::Pidfd> init;  // verified; there when init is alive
};
// Without the freezer, which the caller asks only when the status is running or created.
Live live_status(const ContainerDir& dir, const std::optional<Record>& record, const std::optional<Intent>& intent,
                 std::string_view boot_id);

}  // namespace caisson::state
