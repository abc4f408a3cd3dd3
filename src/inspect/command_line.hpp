// What a process calls itself. man 5 proc_pid_cmdline.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "inspect/proc_reader.hpp"

namespace caisson::inspect {

// The arguments with blanks between them; the bare name of the program where there are none (kernel threads, zombies). Empty:
// the process is gone, or may not be looked at.
std::string command_of(ProcReader& proc, pid_t pid);

// Pure: the text of /proc/PID/cmdline as one line.
std::string join_arguments(std::string_view cmdline);

}  // namespace caisson::inspect
