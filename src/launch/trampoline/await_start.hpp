// The created state: waits on the start socket until a `start` command asks to go on. Several clients may be connected at a
// time, so that one which says nothing keeps nobody from starting the container.
#pragma once

namespace caisson::launch {

// Closes the listener and gives the connection of the `start` that asked; a negative errno when the listener fails.
int await_start(int listener) noexcept;

}  // namespace caisson::launch
