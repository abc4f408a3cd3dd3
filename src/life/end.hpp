// Ending detached containers: by a signal, with patience, for ever.
#pragma once

#include <optional>

#include "life/look.hpp"

namespace caisson::life {

// The stop signal, then SIGKILL after the patience (negative: never); returns when the container has ended and is cleaned up.
// One that does not run is only kept from being started again.
void stop(const lifecycle::Context& context, Entry& entry, int patience_s);
// What would have ended it also keeps it from being started again.
void kill(const lifecycle::Context& context, Entry& entry, int signal);

enum class RemoveLive : std::uint8_t { Refuse, Kill };
void remove(const lifecycle::Context& context, Entry& entry, RemoveLive live);

// Until it has ended for good, restarts included: the exit status. Nothing when nobody saw it.
std::optional<int> wait(const lifecycle::Context& context, Entry& entry);

// Ends the keeper of a container between two runs, which loses nothing. The lock must be held.
void end_waiting_keeper(Entry& entry);

}  // namespace caisson::life
