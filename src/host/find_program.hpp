// Where the machine has a program that does a part of a command: the same answer for every command that runs one, and for
// `check`.
#pragma once

#include <string>
#include <string_view>

namespace caisson::host {

// Absolute path of a program that can be executed: on the caller's PATH, or else where systems and administrators have
// programs, since those directories are not on every user's. Empty: not found.
std::string find_program(std::string_view name);

}  // namespace caisson::host
