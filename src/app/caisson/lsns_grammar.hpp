// The options of `caisson lsns`, which also stands in for lsns(8).
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kLsnsOptions[] = {
    {.name = "json", .letter = 'J', .help = "print JSON"},
    {.name = "list", .letter = 'l', .help = "print a list, no tree of processes"},
    {.name = "noheadings", .letter = 'n', .help = "leave out the headings"},
    {.name = "output", .letter = 'o', .argument = "LIST", .help = "the columns to print; +LIST adds to the usual ones"},
    {.name = "output-all", .help = "print every column"},
    {.name = "persistent", .letter = 'P', .help = "only namespaces that no process is in"},
    {.name = "task", .letter = 'p', .argument = "PID", .help = "only namespaces of this process"},
    {.name = "filter",
     .letter = 'Q',
     .argument = "EXPR",
     .help = "only lines for which this is true: NPROCS > 3 && TYPE == \"net\""},
    {.name = "raw", .letter = 'r', .help = "one blank between columns; blanks in them as \\x20"},
    {.name = "notruncate", .letter = 'u', .help = "never cut a column to the width of the terminal"},
    {.name = "nowrap", .letter = 'W', .help = "mount points of a namespace on one line, with commas"},
    {.name = "type",
     .letter = 't',
     .argument = "KIND",
     .help = "only this kind: mnt net ipc user pid uts cgroup time",
     .times = Times::Many},
    {.name = "tree", .letter = 'T', .argument = "[REL]", .help = "a tree by owner (the default), parent or process"},
    {.name = "list-columns", .letter = 'H', .help = "print which columns there are"},
    kHelpOption,
    {.name = "version", .letter = 'V', .help = "print the version"},
};

inline constexpr std::string_view kLsnsExamples[] = {
    "caisson lsns",
    "caisson lsns -t net -o NS,NPROCS,NSFS,COMMAND",
    "caisson lsns --tree=parent -t user",
    "caisson lsns -Q 'TYPE == \"net\" && NPROCS > 10' --json",
    "caisson lsns 4026531836",
};

inline constexpr Command kLsnsCommand{.name = "lsns",
                                      .operands = "[NAMESPACE]",
                                      .summary = "list namespaces, or the processes of one, as lsns of util-linux does",
                                      .options = kLsnsOptions,
                                      .most_operands = kAnyNumber,
                                      .examples = kLsnsExamples,
                                      .style = OptionStyle::GetoptLong};

}  // namespace caisson::app::human
