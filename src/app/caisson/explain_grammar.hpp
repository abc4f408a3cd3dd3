// The options of `caisson explain`.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kExplainOptions[] = {
    {.name = "commands", .help = "print only the commands, as a script"},
    kHelpOption,
};

inline constexpr std::string_view kExplainExamples[] = {
    "caisson explain $$",
    "caisson explain container:web | less",
    "caisson explain --commands container:web >web.sh && bash web.sh ls /",
};

inline constexpr Command kExplainCommand{
    .name = "explain",
    .operands = "PID|CONTAINER",
    .summary = "explain the kernel objects behind a process or container, with the commands that build the same by hand",
    .options = kExplainOptions,
    .least_operands = 1,
    .most_operands = 1,
    .examples = kExplainExamples};

}  // namespace caisson::app::human
