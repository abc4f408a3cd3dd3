// Shells tell a program that is not there (127) from one that cannot be executed (126).
#pragma once

#include "base/error.hpp"

namespace caisson::launch {

// Of an Error{Payload}. What find_executable found has words without an errno, and the name that somebody chose stands before
// them.
bool is_missing_program(const Error& error) noexcept;

}  // namespace caisson::launch
