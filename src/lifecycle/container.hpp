// An existing container as every later command finds it: its file, what is recorded, and what is true of it right now.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cgroup/live.hpp"
#include "lifecycle/context.hpp"
#include "spec/state.hpp"
#include "state/record.hpp"
#include "state/status.hpp"
#include "state/store.hpp"

namespace caisson::lifecycle {

cgroup::LiveCgroup cgroup_of(const std::vector<state::CgroupRecord>& records);
std::vector<state::CgroupRecord> records_of(const std::vector<cgroup::Place>& places);

struct Container {
  state::ContainerFile file;
  std::optional<state::Record> record;
  std::optional<state::Intent> intent;  // only read when there is no record
  state::Live live;                     // with the freezer

  const std::string& id() const noexcept { return file.id(); }
  // Of the record, or of the intent when create did not come further.
  cgroup::LiveCgroup cgroup() const;
  bool has_own_pid_namespace() const noexcept;
};

enum class Locking : std::uint8_t { None, Exclusive };

// Throws Error{State} "container does not exist", or what makes the record unreadable. Exclusive: commands that change the
// container wait for each other, and what is read is what they left.
Container open_container(const Context& context, std::string_view id, Locking locking = Locking::None);
// Reads the records and derives the status of a file that is open already; takes the file only when it returns.
Container read_container(state::ContainerFile&& file, std::string_view boot_id);

// Error{State} while it is still being created: until then its root and its network may be this machine's. name: as the caller
// knows it.
void require_made(const Container& container, std::string_view name);

// The document that `state` prints; hooks get the same with another status.
spec::State state_of(const Container& container);

// SIGKILL to the first process and to all in the cgroup, then waits for the first one's end, at most ten seconds: Error{State}
// saying so when it is still there. A container that has ended is no error.
void kill_and_wait(const Container& container);

// The hooks of the moment after the program began; when one fails, the container is killed and the error thrown.
void run_poststart(const Container& container);

// Everything made for the container, in an order that can be repeated after any interruption: its processes, its cgroups, then
// poststop hooks (a failure is a warning), the file last. The file must be locked.
void remove_container(Container& container, LogSink& log);

}  // namespace caisson::lifecycle
