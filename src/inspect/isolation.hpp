// What a container is isolated from, in plain words: each kind of namespace with the ids of host and container, id maps,
// capabilities, host name, processes, mounts and network devices as its first process sees them.
#pragma once

#include <sys/types.h>

#include <string>

#include "sys/fd.hpp"

namespace caisson::inspect {

// process: a first process that waits for start (or runs). Looks from the host for what only the host knows, and from inside,
// by a short-lived process that joins the container's namespaces, for the rest.
std::string isolation_report(pid_t pid, const sys::Pidfd& process);

}  // namespace caisson::inspect
