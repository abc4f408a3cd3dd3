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

inline constexpr Command kNsCommands[] = {
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
    "caisson ns show container:web",   "caisson ns diff $$ container:web", "caisson ns pin lab --from 1234 --kind net",
    "caisson ns hold lab --from 1234", "caisson ns map -o machine.html",
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
