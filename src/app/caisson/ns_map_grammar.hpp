// The options of `caisson ns map`.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kNsMapOptions[] = {
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .help = "draw into a file: .svg, .html or .dot; - is standard output"},
    {.name = "format",
     .argument = "FORMAT",
     .help = "svg, html, dot or text, whatever the file is called (default for -: svg)"},
    {.name = "kind",
     .letter = 'k',
     .argument = "KIND",
     .help = "only these: user pid ipc uts net mnt cgroup time (default: all)",
     .times = Times::Many},
    {.name = "all", .letter = 'a', .help = "kernel threads too"},
    {.name = "no-net", .help = "no network devices and no connections: nothing is looked into"},
    {.name = "stack", .argument = "N", .help = "draw N or more identical containers as one (default: each by itself)"},
    {.name = "width", .argument = "N", .help = "columns of text (default: COLUMNS, the terminal's, or 80)"},
    kHelpOption,
};

inline constexpr std::string_view kNsMapExamples[] = {
    "caisson ns map",
    "caisson ns map -o machine.html",
    "caisson ns map -o machine.svg --kind user --kind pid",
    "caisson ns map -o - --format dot | dot -Tpdf > machine.pdf",
};

inline constexpr Command kNsMapCommand{.name = "map",
                                       .summary = "draw the machine: who shares which namespaces, nesting, networks",
                                       .options = kNsMapOptions,
                                       .examples = kNsMapExamples};

}  // namespace caisson::app::human
