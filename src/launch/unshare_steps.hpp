// The steps of a process that already stands in the namespaces made by unshare, up to the program; and what the processes that
// stayed behind do for it.
#pragma once

#include <sys/types.h>

#include "launch/unshare.hpp"

namespace caisson::launch {

// Throws; never returns.
[[noreturn]] void become_program(const UnshareRequest& request);

// Of the process outside: binds the namespace files of `process`, writes its maps. Exit statuses; failures have been told.
int bind_namespace_files(const UnshareRequest& request, pid_t process) noexcept;
int write_maps_from_outside(const UnshareRequest& request, pid_t process) noexcept;

}  // namespace caisson::launch
