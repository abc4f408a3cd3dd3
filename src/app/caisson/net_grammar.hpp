// The commands of `caisson net`.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kNetCreateOptions[] = {
    {.name = "subnet",
     .argument = "CIDR",
     .help = "its addresses, as 10.5.0.0/24 or fd00:5::/64 (default: chosen)",
     .times = Times::Many},
    {.name = "gateway", .argument = "IP", .help = "the bridge's own address (default: the first)", .times = Times::Many},
    {.name = "ipv6", .help = "addresses of IPv6, too"},
    {.name = "mtu", .argument = "N", .help = "largest packet (default: that of the device that leads out)"},
    {.name = "internal", .help = "no way out: the containers only reach each other"},
    kHelpOption,
};
inline constexpr std::string_view kNetCreateExamples[] = {
    "caisson net create lab",
    "caisson net create lab --subnet 10.5.0.0/24 --subnet fd00:5::/64",
    "caisson net create vault --internal",
};
inline constexpr Option kNetLsOptions[] = {
    {.name = "json", .help = "print everything as JSON"},
    {.name = "quiet", .letter = 'q', .help = "only names"},
    kHelpOption,
};
inline constexpr std::string_view kNetLsExamples[] = {"caisson net ls"};
inline constexpr std::string_view kNetInspectExamples[] = {"caisson net inspect lab"};
inline constexpr std::string_view kNetRmExamples[] = {"caisson net rm lab"};

inline constexpr Command kNetCommands[] = {
    {.name = "create",
     .operands = "NAME",
     .summary = "make a network, whose bridge appears with its first container",
     .options = kNetCreateOptions,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kNetCreateExamples},
    {.name = "ls",
     .summary = "the networks, with how many containers are on each",
     .options = kNetLsOptions,
     .examples = kNetLsExamples},
    {.name = "inspect",
     .operands = "NETWORK...",
     .summary = "networks with their containers, addresses and published ports, as JSON",
     .options = {&kHelpOption, 1},
     .least_operands = 1,
     .most_operands = kAnyNumber,
     .examples = kNetInspectExamples},
    {.name = "rm",
     .operands = "NETWORK...",
     .summary = "remove networks that no container is on",
     .options = {&kHelpOption, 1},
     .least_operands = 1,
     .most_operands = kAnyNumber,
     .examples = kNetRmExamples},
};

inline constexpr std::string_view kNetExamples[] = {
    "caisson net create lab",
    "caisson run --net lab --hostname web --publish 8080:80 -- busybox httpd -f -h /srv",
    "caisson net ls",
    "caisson net rm lab",
};

inline constexpr Program kNetProgram{.name = "caisson net",
                                     .summary = "Networks of containers: make them, see who is on them, remove them",
                                     .options = {&kHelpOption, 1},
                                     .commands = kNetCommands,
                                     .examples = kNetExamples};

inline constexpr Command kNetCommand{
    .name = "net", .summary = "networks of containers: make them, see who is on them, remove them", .commands = &kNetProgram};

}  // namespace caisson::app::human
