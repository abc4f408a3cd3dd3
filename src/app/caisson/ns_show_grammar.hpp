// The options of `caisson ns show` and `caisson ns diff`.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kNsShowOptions[] = {
    {.name = "json", .letter = 'J', .help = "print JSON"},
    {.name = "only",
     .argument = "SECTION",
     .help = "process, namespaces, ids, capabilities, security, cgroup, mounts, limits, network, sysctls, clocks",
     .times = Times::Many},
    kHelpOption,
};

inline constexpr std::string_view kNsShowExamples[] = {
    "caisson ns show $$",
    "caisson ns show container:web --only mounts",
    "caisson ns show /run/netns/blue --json",
};

inline constexpr Command kNsShowCommand{
    .name = "show",
    .operands = "TARGET",
    .summary = "tell in plain words what a process, a container or a namespace is isolated from, and what it may do",
    .options = kNsShowOptions,
    .least_operands = 1,
    .most_operands = 1,
    .examples = kNsShowExamples};

inline constexpr Option kNsDiffOptions[] = {
    {.name = "json", .letter = 'J', .help = "print JSON"},
    {.name = "quiet", .letter = 'q', .help = "print nothing: the exit status says it"},
    {.name = "only",
     .argument = "SECTION",
     .help = "compare only namespaces, ids, capabilities, security, cgroup, mounts, limits, network, sysctls, clocks",
     .times = Times::Many},
    kHelpOption,
};

inline constexpr std::string_view kNsDiffExamples[] = {
    "caisson ns diff $$ container:web",
    "caisson ns diff web db --only network",
    "caisson ns diff --quiet 1 $$ || echo another world",
};

inline constexpr Command kNsDiffCommand{
    .name = "diff",
    .operands = "A B",
    .summary =
        "compare two processes, containers or namespaces; the exit status is 0 when they are the same, 1 when they differ",
    .options = kNsDiffOptions,
    .least_operands = 2,
    .most_operands = 2,
    .examples = kNsDiffExamples};

}  // namespace caisson::app::human
