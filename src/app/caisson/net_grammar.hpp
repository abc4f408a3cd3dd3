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

inline constexpr std::string_view kNetConnectExamples[] = {
    "caisson net connect lab web",
    "caisson net connect lab:ip=10.5.0.9,ifname=lan0 web",
};
inline constexpr std::string_view kNetDisconnectExamples[] = {"caisson net disconnect lab web"};
inline constexpr Option kNetAttachOptions[] = {
    {.name = "dev", .argument = "DEVICE", .help = "the network device of this machine"},
    {.name = "name", .argument = "NAME", .help = "its name inside (default: the same)"},
    kHelpOption,
};
inline constexpr std::string_view kNetAttachExamples[] = {"caisson net attach web --dev enp3s0 --name eth1"};
inline constexpr Option kNetDetachOptions[] = {
    {.name = "dev", .argument = "DEVICE", .help = "the device, as it was called inside when it was attached"},
    kHelpOption,
};
inline constexpr std::string_view kNetDetachExamples[] = {"caisson net detach web --dev eth1"};
inline constexpr Option kNetLinkOptions[] = {
    {.name = "name-a", .argument = "NAME", .help = "the device in the first container (default: the first free ethN)"},
    {.name = "name-b", .argument = "NAME", .help = "the device in the second container"},
    {.name = "ip-a", .argument = "IP/BITS", .help = "its address in the first container (default: none)"},
    {.name = "ip-b", .argument = "IP/BITS", .help = "its address in the second container"},
    kHelpOption,
};
inline constexpr std::string_view kNetLinkExamples[] = {"caisson net link web db --ip-a 10.9.9.1/30 --ip-b 10.9.9.2/30"};

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
    {.name = "connect",
     .operands = "NETWORK[:ip=A,mac=M,ifname=N] CONTAINER",
     .summary = "bring a container that runs to a network",
     .options = {&kHelpOption, 1},
     .least_operands = 2,
     .most_operands = 2,
     .examples = kNetConnectExamples},
    {.name = "disconnect",
     .operands = "NETWORK CONTAINER",
     .summary = "take a container that runs off a network",
     .options = {&kHelpOption, 1},
     .least_operands = 2,
     .most_operands = 2,
     .examples = kNetDisconnectExamples},
    {.name = "attach",
     .operands = "CONTAINER",
     .summary = "move a network device of this machine into a container until that ends",
     .options = kNetAttachOptions,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kNetAttachExamples},
    {.name = "detach",
     .operands = "CONTAINER",
     .summary = "take a device that was attached back, with its addresses and routes",
     .options = kNetDetachOptions,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kNetDetachExamples},
    {.name = "link",
     .operands = "CONTAINER CONTAINER",
     .summary = "connect two containers by a pair of devices of their own",
     .options = kNetLinkOptions,
     .least_operands = 2,
     .most_operands = 2,
     .examples = kNetLinkExamples},
};

inline constexpr std::string_view kNetExamples[] = {
    "caisson net create lab",
    "caisson run --net lab --hostname web --publish 8080:80 -- busybox httpd -f -h /srv",
    "caisson net ls",
    "caisson net rm lab",
};

inline constexpr Program kNetProgram{.name = "caisson net",
                                     .summary = "Networks of containers: make them, see and change who is on them, remove them",
                                     .options = {&kHelpOption, 1},
                                     .commands = kNetCommands,
                                     .examples = kNetExamples};

inline constexpr Command kNetCommand{.name = "net",
                                     .summary = "networks of containers: make them, see and change who is on them, remove them",
                                     .commands = &kNetProgram};

}  // namespace caisson::app::human
