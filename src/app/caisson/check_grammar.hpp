// The options of `caisson check`.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kCheckOptions[] = {
    {.name = "json", .help = "print one JSON object; caisson-check(1) describes it"},
    {.name = "problems", .letter = 'p', .help = "show only what is limited or missing, with what turns it on"},
    {.name = "quiet",
     .letter = 'q',
     .help = "print nothing: 0 all can run, 1 only rootful, 2 only rootless, 3 none, 125 failed"},
};

inline constexpr std::string_view kCheckExamples[] = {
    "caisson check",
    "caisson check --problems",
    "caisson check --json",
    "caisson check --quiet",
};

inline constexpr Command kCheckCommand{
    .name = "check",
    .summary = "say what this kernel, this user and this configuration can do, and what turns on the rest",
    .options = kCheckOptions,
    .examples = kCheckExamples};

}  // namespace caisson::app::human
