// Where the words of a program go: its log sink on real files, standard output and error, and the two-place report of an error.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "base/log.hpp"

namespace caisson::app {

// Appends to the log file, opened at the first record only (O_APPEND, 0644), one write per record so that records of several
// processes never mix.
LogOutput system_log_output() noexcept;

// Throws Error when standard output cannot take all of it.
void print_out(std::string_view text);
// To standard error; nothing can be done when that fails.
void print_error(std::string_view text) noexcept;

// stderr: "PROGRAM: message" and "hint: ..." below it when there is one; the log: one record with the message.
void report(std::string_view program, const Error& error, LogSink& log);

}  // namespace caisson::app
