// A detached container as it is now: the record of the store joined with what the runtime knows of its first process; and the
// repair of what a keeper that was killed has left.
#pragma once

#include <optional>
#include <string>

#include "life/status.hpp"
#include "life/store.hpp"
#include "lifecycle/container.hpp"

namespace caisson::life {

struct Seen {
  Phase phase = Phase::Created;
  std::optional<Exit> exit;  // of the last run; nothing while it runs
  bool has_keeper = false;
  bool has_remains = false;  // the runtime still has a record of it
  pid_t pid = 0;             // of the first process, when it lives
};
Seen look(const lifecycle::Context& context, const Entry& entry);

// Nothing when its first process does not live.
std::optional<lifecycle::Container> live_container(const lifecycle::Context& context, const Entry& entry);

// The one place where everything that a run made goes away again, by whoever comes first after its end: keeper, rm or repair.
// Processes, cgroups, the record of the runtime, networks; an image's writable layer goes with the mount namespace. Can be
// repeated.
void clean_up_run(const lifecycle::Context& context, const std::string& id);

// Cleans up after a run whose keeper was killed, and removes a container that was to go at its end. Returns what is true
// afterwards; nothing when the container is gone.
std::optional<Seen> look_and_repair(const lifecycle::Context& context, Entry& entry);

}  // namespace caisson::life
