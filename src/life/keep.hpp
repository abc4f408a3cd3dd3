// Starting a detached container, and what its keeper does between the runs of the monitor.
#pragma once

#include <functional>
#include <string_view>

#include "life/store.hpp"
#include "lifecycle/new_container.hpp"

namespace caisson::life {

struct KeepContext {
  const lifecycle::Context& life;
  std::string store_path;
  // Reads the record as a command line again. Throws Error for what is not there any more.
  std::function<lifecycle::ContainerWish(const Record&)> wish_of;
};

// The hidden command that the monitor executes: PHASE STORE ID; the state root is global.
inline constexpr std::string_view kKeepCommand = "__keep";
inline constexpr std::string_view kEnded = "ended", kAgain = "again";

// Starts a container that does not run; its lock must be held, and is released. Returns when the program runs, or throws why it
// does not; then nothing of the run is left.
// listening: called when clients can connect (life/attach.hpp), before the program runs.
void start(const KeepContext& context, Entry& entry, lifecycle::ContainerWish wish,
           const std::function<void()>& listening = {});

// After the end of a run: cleans up, then ends, or becomes the monitor that waits for the next run.
int after_end(const KeepContext& context, Entry& entry);
// Builds the container again.
int again(const KeepContext& context, Entry& entry);

}  // namespace caisson::life
