// The options of `caisson run`.
#pragma once

#include "app/caisson/image_grammar.hpp"
#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kRunOptions[] = {
    {.name = "rootfs",
     .argument = "DIR",
     .help = "use this root filesystem instead of a throw-away view of the machine's own root"},
    {.name = "image",
     .argument = "REF",
     .help = "use this image; without it the first operand may be one (`caisson image ls`)"},
    {.name = "entrypoint", .argument = "CMD", .help = "execute this instead of what the image says; empty: only the operands"},
    kStoreOption,
    {.name = "read-only", .help = "make the root read-only"},
    {.name = "interactive", .letter = 'i', .help = "keep standard input open"},
    {.name = "tty", .letter = 't', .help = "give the program a terminal (the default when this is one)"},
    {.name = "hostname", .argument = "NAME", .help = "host name inside (default: caisson)"},
    {.name = "env",
     .letter = 'e',
     .argument = "K[=V]",
     .help = "set a variable, or pass the caller's on",
     .times = Times::Many},
    {.name = "workdir", .letter = 'w', .argument = "DIR", .help = "working directory inside (default: /)"},
    {.name = "user",
     .letter = 'u',
     .argument = "USER[:GROUP]",
     .help = "names or numbers of the root filesystem (default: root)"},
    {.name = "volume",
     .letter = 'v',
     .argument = "SRC:DST[:OPTS]",
     .help = "show a file or directory of the host inside",
     .times = Times::Many},
    {.name = "tmpfs", .argument = "DIR[:OPTS]", .help = "mount an empty tmpfs", .times = Times::Many},
    {.name = "cap-add", .argument = "CAP", .help = "grant a capability, or ALL", .times = Times::Many},
    {.name = "cap-drop", .argument = "CAP", .help = "take a capability away, or ALL", .times = Times::Many},
    {.name = "ulimit", .argument = "NAME=SOFT[:HARD]", .help = "set a resource limit", .times = Times::Many},
    {.name = "net", .argument = "host|none", .help = "the host's network, or loopback only (default: none)"},
    {.name = "share",
     .argument = "KIND",
     .help = "keep the host's namespace: user pid ipc uts net cgroup time",
     .times = Times::Many},
    {.name = "ns",
     .argument = "KIND=TARGET",
     .help = "join a namespace that exists: a pin, file, process, container:ID, :ID",
     .times = Times::Many},
    {.name = "uidmap", .argument = "IN:OUT:N", .help = "map N user ids from IN inside to OUT outside", .times = Times::Many},
    {.name = "gidmap", .argument = "IN:OUT:N", .help = "map N group ids", .times = Times::Many},
    {.name = "time-offset", .argument = "CLOCK=SECS,...", .help = "shift the clocks monotonic and boottime"},
    {.name = "init", .help = "run a small init as PID 1 that reaps and forwards signals"},
    {.name = "security-opt",
     .argument = "OPT",
     .help = "no-new-privileges[=false], seccomp=FILE|unconfined, apparmor=P, label=L, unmask=all",
     .times = Times::Many},
    {.name = "detach", .letter = 'd', .help = "leave it running, and print its id"},
    {.name = "name", .argument = "NAME", .help = "with --detach: what other commands call it"},
    {.name = "rm", .help = "with --detach: remove it, with its log, when it has ended"},
    {.name = "restart", .argument = "POLICY", .help = "with --detach: no, on-failure[:N], always (default: no)"},
    {.name = "stop-signal", .argument = "SIGNAL", .help = "with --detach: what caisson stop sends first (default: TERM)"},
    {.name = "log-max-size", .argument = "SIZE", .help = "with --detach: begin another log file at this size (default: 10m)"},
    {.name = "log-max-files", .argument = "N", .help = "with --detach: keep so many log files (default: 3)"},
    {.name = "dry-run", .help = "print every step that would be taken, and take none"},
    {.name = "explain", .help = "print every step with its time as it happens, to stderr"},
    {.name = "trace", .argument = "FILE", .help = "write the steps as a Chrome or Perfetto trace"},
    kHelpOption,
};

inline constexpr std::string_view kRunExamples[] = {
    "caisson run",
    "caisson run -- sh -c 'rm -rf /usr; ls /'",
    "caisson run debian cat /etc/os-release",
    "caisson run --rootfs ./debian --net host -- apt-get update",
    "caisson run --volume $PWD:/work --workdir /work -- make",
    "caisson run --detach --name web --restart always --rootfs ./debian -- httpd -f",
    "caisson run --explain --dry-run",
};

inline constexpr Command kRunCommand{
    .name = "run",
    .operands = "[IMAGE] [CMD [ARG...]]",
    .summary = "run a program in a container; without one a shell, or a report of the isolation where there is no terminal",
    .options = kRunOptions,
    .most_operands = kAnyNumber,
    .options_end = OptionsEnd::AtFirstOperand,
    .examples = kRunExamples};

}  // namespace caisson::app::human
