// What callers get to find the process by: a pid file, or its pidfd over a socket.
#pragma once

#include <sys/types.h>

#include <string>

#include "sys/fd.hpp"

namespace caisson::lifecycle {

// Digits without newline. No reader sees half a number, and a runtime that is killed meanwhile leaves nothing beside it. path
// is absolute.
void write_pid_file_at(const std::string& path, pid_t pid);
// --pidfd-socket: one message with the pidfd attached.
void send_pidfd(const std::string& socket_path, const sys::Pidfd& process);

}  // namespace caisson::lifecycle
