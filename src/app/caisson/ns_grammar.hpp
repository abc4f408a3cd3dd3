// The commands of `caisson ns`.
#pragma once

#include "app/caisson/ns_map_grammar.hpp"
#include "app/caisson/ns_show_grammar.hpp"
#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kKindOption{.name = "kind",
                                    .letter = 'k',
                                    .argument = "KIND",
                                    .help = "user pid ipc uts net mnt cgroup time, or all",
                                    .times = Times::Many};

inline constexpr Option kNsPinOptions[] = {
    {.name = "from", .letter = 'f', .argument = "TARGET", .help = "a process, container or namespace whose namespaces to keep"},
    kKindOption,
    kHelpOption,
};
inline constexpr std::string_view kNsPinExamples[] = {
    "caisson ns pin lab --from 1234 --kind net",
    "caisson ns pin lab --from container:web --kind all",
};
inline constexpr Option kNsHoldOptions[] = {
    {.name = "from", .letter = 'f', .argument = "TARGET", .help = "the same (default: the caller)"},
    kKindOption,
    kHelpOption,
};
inline constexpr std::string_view kNsHoldExamples[] = {
    "caisson ns hold lab --from 1234",
    "caisson ns hold lab --from 1234 --kind user --kind net",
};
inline constexpr Option kNsRmOptions[] = {
    {.name = "kind", .letter = 'k', .argument = "KIND", .help = "only these kinds (default: all)", .times = Times::Many},
    kHelpOption,
};
inline constexpr std::string_view kNsRmExamples[] = {
    "caisson ns rm lab",
    "caisson ns rm net:lab uts:lab",
};

inline constexpr Option kNsLsOptions[] = {
    {.name = "kind", .letter = 'k', .argument = "KIND", .help = "only this kind", .times = Times::Many},
    {.name = "pid", .letter = 'p', .argument = "PID", .help = "only those that this process is in"},
    {.name = "held-by",
     .argument = "WAY",
     .help = "only those kept so: process thread descriptor socket mount children future unseen",
     .times = Times::Many},
    {.name = "named", .help = "only those with a name: pins, holds, ip netns, containers"},
    {.name = "filter", .argument = "EXPR", .help = "only lines for which this is true: PROCS > 3 && KIND == \"net\""},
    {.name = "sort", .argument = "COLUMN", .help = "by this column; -COLUMN: from the largest down"},
    {.name = "columns",
     .letter = 'o',
     .argument = "LIST",
     .help = "the columns to print, with commas; +LIST adds to the usual ones"},
    {.name = "no-headings", .help = "leave out the headings"},
    {.name = "json", .help = "print everything as JSON"},
    kHelpOption,
};
inline constexpr std::string_view kNsLsExamples[] = {
    "caisson ns ls",
    "caisson ns ls --kind net --held-by descriptor --held-by socket",
    "caisson ns ls --named --columns KIND,NS,NAMES",
    "caisson ns ls --filter 'PROCS == 0' --sort -ID",
};
inline constexpr Option kNsTreeOptions[] = {
    {.name = "kind", .letter = 'k', .argument = "KIND", .help = "only this tree: user or pid", .times = Times::Many},
    {.name = "json", .help = "print JSON"},
    kHelpOption,
};
inline constexpr std::string_view kNsTreeExamples[] = {
    "caisson ns tree",
    "caisson ns tree --kind pid",
};

inline constexpr Command kNsCommands[] = {
    {.name = "ls",
     .summary = "every namespace that you may see, and what keeps it alive",
     .options = kNsLsOptions,
     .examples = kNsLsExamples},
    {.name = "tree",
     .summary = "user and pid namespaces by parent, with what each of them owns",
     .options = kNsTreeOptions,
     .examples = kNsTreeExamples},
    {.name = "pin",
     .operands = "NAME",
     .summary = "give namespaces a name by a bind mount, so that they live without a process",
     .options = kNsPinOptions,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kNsPinExamples},
    {.name = "hold",
     .operands = "NAME",
     .summary = "the same by a small process, without any rights",
     .options = kNsHoldOptions,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kNsHoldExamples},
    {.name = "rm",
     .operands = "NAME...",
     .summary = "let go of pins and holds, and of names of `ip netns`",
     .options = kNsRmOptions,
     .least_operands = 1,
     .most_operands = kAnyNumber,
     .examples = kNsRmExamples},
    kNsShowCommand,
    kNsDiffCommand,
    kNsMapCommand,
};

inline constexpr std::string_view kNsExamples[] = {
    "caisson ns ls",
    "caisson ns show container:web",
    "caisson ns diff $$ container:web",
    "caisson ns pin lab --from 1234 --kind net",
    "caisson ns hold lab --from 1234",
    "caisson ns map -o machine.html",
};

inline constexpr Program kNsProgram{
    .name = "caisson ns",
    .summary = "The namespaces of this machine: see, compare and draw them, keep them and give them names",
    .options = {&kHelpOption, 1},
    .commands = kNsCommands,
    .examples = kNsExamples};

inline constexpr Command kNsCommand{
    .name = "ns", .summary = "see namespaces, compare and draw them, keep them and give them names", .commands = &kNsProgram};

}  // namespace caisson::app::human
