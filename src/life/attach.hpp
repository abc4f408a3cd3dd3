// The caller's terminal, or its streams, at a detached container: what that prints from now on, and what the caller writes.
#pragma once

#include <functional>

#include "life/detach_keys.hpp"
#include "life/store.hpp"
#include "process/terminal_relay.hpp"

namespace caisson::life {

// Throws Error{State} when nobody listens: it does not run, or its monitor was killed.
sys::UniqueFd connect_to_monitor(const Entry& entry);

struct AttachWish {
  DetachKeys keys;
  bool reads_input = false, has_terminal = false;  // of the container
  // Signals to the caller, while the container has no terminal to send them through; none: they end the caller.
  std::function<void(int)> forward;
};
enum class AttachEnd : std::uint8_t { RunEnded, Detached, LostOutput };
// LostOutput: the container runs on, but the caller was too slow for it. signals: held since before the connection was made.
AttachEnd attach(const Entry& entry, const sys::UniqueFd& monitor, const process::HeldSignals& signals, AttachWish wish);

}  // namespace caisson::life
