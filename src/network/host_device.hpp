// Network devices of this machine that are lent to containers: moved in, and back with all that they had. The record says so
// before the move, and the container's namespace is held by a mount beside it, since the kernel destroys what is virtual
// together with a namespace.
#pragma once

#include <string_view>

#include "network/running.hpp"

namespace caisson::network {

// Keeps its lasting addresses inside, and is up there. device: its name inside; empty: the same.
void attach_device(const Machine& machine, const Running& container, std::string_view name, std::string_view device);
// device: its name inside, as it was given.
void detach_device(const Machine& machine, const Running& container, std::string_view device);

// All of a container's, at its end; the store's lock is held. What could not be set as it was is told to the log. Throws
// Error{Kernel} for a device that cannot be moved.
void return_devices(const Store& store, const Member& member, LogSink& log);

}  // namespace caisson::network
