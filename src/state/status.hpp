// The status of a container is never stored: it is derived from what is true now.
//   no record, somebody has the lock      creating
//   init alive, has executed nothing yet   creating
//   init alive, its socket there           created
//   init alive, its socket gone            running (paused when its cgroup is frozen)
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
  bool record = false;      // there, and can be read
  bool being_made = false;  // looked at only without a record
  bool init_alive = false;
  bool init_prepares = false;  // it is still a copy of the runtime that makes the container
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
Live live_status(const ContainerFile& file, const std::optional<Record>& record, std::string_view boot_id);

}  // namespace caisson::state
