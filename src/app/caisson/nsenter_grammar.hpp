// The options of `caisson nsenter`, which are those of util-linux's nsenter, and --ns.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kNsenterOptions[] = {
    {.name = "target",
     .letter = 't',
     .argument = "PID[:INODE]",
     .help = "the process that is joined; with the inode of its pidfd it cannot be another one by now",
     .times = Times::Many},
    {.name = "all", .letter = 'a', .help = "every namespace of the target"},
    {.name = "mount",
     .letter = 'm',
     .argument = "[FILE|:ID]",
     .help = "its mount namespace; or that of a file, or with this id"},
    {.name = "uts", .letter = 'u', .argument = "[FILE|:ID]", .help = "the host name"},
    {.name = "ipc", .letter = 'i', .argument = "[FILE|:ID]", .help = "message queues, semaphores, shared memory"},
    {.name = "net", .letter = 'n', .argument = "[FILE|:ID]", .help = "the network"},
    {.name = "pid", .letter = 'p', .argument = "[FILE|:ID]", .help = "process numbers; the program runs in a child then"},
    {.name = "user", .letter = 'U', .argument = "[FILE|:ID]", .help = "user and group ids; the program becomes 0:0 inside"},
    {.name = "cgroup", .letter = 'C', .argument = "[FILE|:ID]", .help = "the visible root of the cgroup tree"},
    {.name = "time", .letter = 'T', .argument = "[FILE|:ID]", .help = "offsets of the clocks"},
    {.name = "ns",
     .argument = "KIND=TARGET",
     .help = "the namespace of that kind of a pin, file, process, container:NAME, :ID",
     .times = Times::Many},
    {.name = "net-socket", .letter = 'N', .argument = "FD", .help = "the network of a socket that the target has open"},
    {.name = "user-parent", .help = "the parent of the user namespace, instead of that one"},
    {.name = "setuid", .letter = 'S', .argument = "UID|follow", .help = "run as that user inside; follow: as the target"},
    {.name = "setgid", .letter = 'G', .argument = "GID|follow", .help = "run as that group inside, without further groups"},
    {.name = "preserve-credentials", .help = "leave user and groups alone"},
    {.name = "keep-caps", .help = "keep the capabilities of a user namespace for the program"},
    {.name = "root", .letter = 'r', .argument = "[DIR]", .help = "the target's root directory, or DIR as seen from here"},
    {.name = "wd", .letter = 'w', .argument = "[DIR]", .help = "its working directory, or DIR as seen from here"},
    {.name = "wdns", .letter = 'W', .argument = "[DIR]", .help = "a working directory as seen from inside"},
    {.name = "env", .letter = 'e', .help = "the target's environment instead of the caller's"},
    {.name = "no-fork", .letter = 'F', .help = "no child: only children of the program are in the pid namespace"},
    {.name = "join-cgroup", .letter = 'c', .help = "the target's cgroup"},
    {.name = "follow-context", .letter = 'Z', .help = "the target's SELinux context"},
    {.name = "version", .letter = 'V', .help = "print the version"},
    kHelpOption,
};

inline constexpr std::string_view kNsenterExamples[] = {
    "caisson nsenter -t 4242 -a",
    "caisson nsenter -t 4242 -n ss -tln",
    "caisson nsenter -t 4242 -a -r -w -e -S follow -G follow sh",
    "caisson nsenter --net=/run/netns/blue ip addr",
    "caisson nsenter --ns net=blue --ns mnt=container:web sh",
    "caisson nsenter -t 4242 -U --preserve-credentials -m sh",
};

inline constexpr Command kNsenterCommand{.name = "nsenter",
                                         .operands = "[PROGRAM [ARG...]]",
                                         .summary = "run a program, or a shell, in namespaces that exist",
                                         .options = kNsenterOptions,
                                         .most_operands = kAnyNumber,
                                         .options_end = OptionsEnd::AtFirstOperand,
                                         .examples = kNsenterExamples,
                                         .style = OptionStyle::GetoptLong};

}  // namespace caisson::app::human
