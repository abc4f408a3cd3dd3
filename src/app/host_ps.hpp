// The machine's own ps(1), cut down to some processes: tables as people know them, with the columns they ask for.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>

namespace caisson::app {

// The heading and the lines of the processes named, by the column PID. Throws Error{Usage} when there is no such column.
std::string lines_of_processes(std::string_view ps_output, std::span<const pid_t> pids);

// What `ps ARGUMENTS` prints to standard output. Throws Error when it is not installed or fails.
std::string run_ps(std::span<const std::string_view> arguments);

}  // namespace caisson::app
