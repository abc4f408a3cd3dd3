// A program in place of the caller, found as execvp(3) finds it: util-linux's tools end in that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caisson::launch {

// Whole "K=V" entries that the list names, in its order, each once.
std::vector<const char*> listed_variables(const char* const* environment, const std::vector<std::string>& names);
// Empty when it is not set.
std::string_view variable(const char* const* environment, std::string_view name);

// Looked up in the PATH of that environment, or /bin and /usr/bin without one; a text file without "#!" is a script of /bin/sh.
// Throws Error{Payload}; returns never.
[[noreturn]] void execute_program(const std::vector<std::string>& command, const char* const* environment);
// $SHELL, or the one of passwd, as a login shell.
[[noreturn]] void execute_shell(const char* const* environment);

}  // namespace caisson::launch
