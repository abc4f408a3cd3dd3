// The options of `caisson unshare`, which are those of unshare(1) of util-linux.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kUnshareOptions[] = {
    {.name = "mount", .letter = 'm', .argument = "[FILE]", .help = "new mount namespace", .letter_is = Letter::Flag},
    {.name = "uts", .letter = 'u', .argument = "[FILE]", .help = "new UTS namespace: host name", .letter_is = Letter::Flag},
    {.name = "ipc", .letter = 'i', .argument = "[FILE]", .help = "new IPC namespace", .letter_is = Letter::Flag},
    {.name = "net", .letter = 'n', .argument = "[FILE]", .help = "new network namespace", .letter_is = Letter::Flag},
    {.name = "pid",
     .letter = 'p',
     .argument = "[FILE]",
     .help = "new pid namespace, for children: see --fork",
     .letter_is = Letter::Flag},
    {.name = "user", .letter = 'U', .argument = "[FILE]", .help = "new user namespace", .letter_is = Letter::Flag},
    {.name = "cgroup", .letter = 'C', .argument = "[FILE]", .help = "new cgroup namespace", .letter_is = Letter::Flag},
    {.name = "time", .letter = 'T', .argument = "[FILE]", .help = "new time namespace", .letter_is = Letter::Flag},
    {.name = "fork", .letter = 'f', .help = "run the program as a child: with --pid it becomes PID 1"},
    {.name = "kill-child",
     .argument = "[SIGNAL]",
     .help = "send the child KILL, or SIGNAL, when this process ends; implies --fork"},
    {.name = "forward-signals", .help = "pass TERM and INT on to the child; implies --fork"},
    {.name = "map-root-user", .letter = 'r', .help = "be root inside: map the own user and group to 0; implies --user"},
    {.name = "map-current-user", .letter = 'c', .help = "map the own user and group to themselves; implies --user"},
    {.name = "map-user", .argument = "UID|NAME", .help = "map the own user to this one; implies --user"},
    {.name = "map-group", .argument = "GID|NAME", .help = "map the own group to this one; implies --user"},
    {.name = "map-users",
     .argument = "INSIDE:OUTSIDE:COUNT|auto|subids|all",
     .help = "map a range of users (or OUTSIDE,INSIDE,COUNT); implies --user",
     .times = Times::Many},
    {.name = "map-groups",
     .argument = "INSIDE:OUTSIDE:COUNT|auto|subids|all",
     .help = "map a range of groups; implies --user",
     .times = Times::Many},
    {.name = "map-auto", .help = "map the subordinate ids of /etc/subuid and /etc/subgid from 0 on; implies --user"},
    {.name = "map-subids", .help = "map the subordinate ids to themselves; implies --user"},
    {.name = "owner", .argument = "UID:GID", .help = "let this user own the new user namespace; implies --user"},
    {.name = "setgroups", .argument = "allow|deny", .help = "whether setgroups(2) is allowed in the new user namespace"},
    {.name = "keep-caps", .help = "keep the capabilities over the start of the program, also for users other than 0"},
    {.name = "mount-proc", .argument = "[DIR]", .help = "mount a new procfs on /proc, or DIR; implies --mount"},
    {.name = "mount-binfmt", .argument = "[DIR]", .help = "mount a binfmt_misc of its own; implies --mount --user"},
    {.name = "load-interp",
     .letter = 'l',
     .argument = "DEFINITION",
     .help = "register an interpreter there; implies --mount-binfmt"},
    {.name = "propagation",
     .argument = "private|shared|slave|unchanged",
     .help = "of all mounts in the new mount namespace (default: private)"},
    {.name = "root", .letter = 'R', .argument = "DIR", .help = "change the root directory to DIR"},
    {.name = "wd", .letter = 'w', .argument = "DIR", .help = "change the working directory to DIR"},
    {.name = "setuid", .letter = 'S', .argument = "UID", .help = "run as this user of the new namespaces"},
    {.name = "setgid", .letter = 'G', .argument = "GID", .help = "run as this group, without supplementary groups"},
    {.name = "monotonic", .argument = "SECONDS", .help = "move the monotonic clock; needs --time"},
    {.name = "boottime", .argument = "SECONDS", .help = "move the boot-time clock; needs --time"},
    {.name = "clear-env", .help = "start the program without environment variables"},
    {.name = "whitelist-env", .argument = "NAME[,NAME...]", .help = "with these variables only", .times = Times::Many},
    {.name = "version", .letter = 'V', .help = "print the version"},
    kHelpOption,
};

inline constexpr std::string_view kUnshareExamples[] = {
    "caisson unshare --user --map-root-user --net --fork sh",
    "caisson unshare -Urpfm --mount-proc ps aux",
    "caisson unshare --map-auto --map-root-user --mount chroot ./debian",
    "caisson unshare --time --boottime 300000000 --fork uptime",
    "caisson unshare --uts=/run/build-uts hostname build",
};

inline constexpr Command kUnshareCommand{.name = "unshare",
                                         .operands = "[PROGRAM [ARG...]]",
                                         .summary = "run a program, or a shell, in new namespaces",
                                         .options = kUnshareOptions,
                                         .most_operands = kAnyNumber,
                                         .options_end = OptionsEnd::AtFirstOperand,
                                         .examples = kUnshareExamples,
                                         .style = OptionStyle::GetoptLong};

}  // namespace caisson::app::human
