// What ps shows of a process that goes on as something else than the command that it was started as.
#pragma once

#include <string_view>

namespace caisson::sys {

// The arguments of main, whose memory is what /proc/PID/cmdline shows (man 5 proc).
void keep_arguments(int count, char** arguments) noexcept;

// name: at most 15 bytes (man 2 PR_SET_NAME). words take the place of the arguments, as far as these have room for them.
void set_process_title(const char* name, std::string_view words) noexcept;

}  // namespace caisson::sys
