// A program of the host that does a part of a command: run with the caller's environment, its standard input empty, and waited
// for. It does not outlive the caller.
#pragma once

#include <string>
#include <vector>

#include "sys/process.hpp"

namespace caisson::launch {

// What it writes to standard output: nothing that anybody sees, or what the user sees on standard error.
enum class Output : std::uint8_t { Dropped, Shown };

struct ProgramEnd {
  sys::ExitStatus status;
  std::string errors;  // the end of what it wrote to standard error
};

ProgramEnd run_outside_program(const std::vector<std::string>& words, const char* const* environment, Output output);

}  // namespace caisson::launch
