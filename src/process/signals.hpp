// Signal names and numbers (man 7 signal), as users and engines write them: `9`, `KILL`, `SIGKILL`, `sigkill`, `RTMIN+3`.
#pragma once

#include <string>
#include <string_view>

#include "sys/process.hpp"

namespace caisson::process {

inline constexpr int kFirstRealtimeSignal = 34;  // as the C libraries count: they keep 32 and 33 for themselves
inline constexpr int kLastSignal = 64;

// 0 (is the process there?) to 64; throws Error{Usage} `invalid signal "x"`.
int parse_signal(std::string_view text);
// "SIGKILL", "SIGRTMIN+3"; the number in decimal if it has no name.
std::string signal_name(int number);
// "was killed by SIGKILL", "ended with status 1".
std::string end_in_words(const sys::ExitStatus& ended);

// Ends this process by the signal that ended its child, so that whoever waits sees the same. Returns where that fails, and for
// PID 1 of a pid namespace, which its own signals do not kill.
sys::SysStatus die_of(int signal) noexcept;

}  // namespace caisson::process
