// The commands for the life of detached containers.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kPsOptions[] = {
    {.name = "all", .letter = 'a', .help = "also those that do not run"},
    {.name = "quiet", .letter = 'q', .help = "print ids only"},
    {.name = "no-trunc", .help = "cut neither ids nor commands"},
    {.name = "services", .help = "the services of containers that run, one line each"},
    {.name = "json", .help = "print a JSON array"},
    kHelpOption,
};
inline constexpr std::string_view kPsExamples[] = {"caisson ps", "caisson ps -a", "caisson ps --services",
                                                   "caisson ps --json | jq -r '.[].Name'"};
inline constexpr Command kPsCommand{.name = "ps", .summary = "list containers", .options = kPsOptions, .examples = kPsExamples};

inline constexpr Option kLogsOptions[] = {
    {.name = "follow", .letter = 'f', .help = "go on with what it prints until it has ended"},
    {.name = "timestamps", .letter = 't', .help = "put the time before each line"},
    {.name = "tail", .letter = 'n', .argument = "N", .help = "only the last N lines, or all"},
    {.name = "since", .argument = "TIME", .help = "only lines from this time on: 2026-01-02T15:04:05Z, 10m"},
    {.name = "until", .argument = "TIME", .help = "only lines up to this time"},
    {.name = "service", .argument = "NAME", .help = "only lines of this service, without its name"},
    kHelpOption,
};
inline constexpr std::string_view kLogsExamples[] = {"caisson logs web", "caisson logs -f --tail 20 web",
                                                     "caisson logs --since 1h30m -t web"};
inline constexpr Command kLogsCommand{.name = "logs",
                                      .operands = "CONTAINER",
                                      .summary = "print what a detached container has printed",
                                      .options = kLogsOptions,
                                      .least_operands = 1,
                                      .most_operands = 1,
                                      .examples = kLogsExamples};

inline constexpr Option kExecOptions[] = {
    {.name = "interactive", .letter = 'i', .help = "keep standard input open"},
    {.name = "tty", .letter = 't', .help = "give the program a terminal"},
    {.name = "detach", .letter = 'd', .help = "do not wait for its end, and drop what it prints"},
    {.name = "service", .argument = "NAME", .help = "with the user, directory and variables of this service"},
    {.name = "user",
     .letter = 'u',
     .argument = "USER[:GROUP]",
     .help = "names or numbers of the container (default: as its program)"},
    {.name = "workdir", .letter = 'w', .argument = "DIR", .help = "working directory inside"},
    {.name = "env",
     .letter = 'e',
     .argument = "K[=V]",
     .help = "set a variable, or pass the caller's on",
     .times = Times::Many},
    kHelpOption,
};
inline constexpr std::string_view kExecExamples[] = {"caisson exec web ps", "caisson exec -it web sh"};
inline constexpr Command kExecCommand{.name = "exec",
                                      .operands = "CONTAINER CMD [ARG...]",
                                      .summary = "run a further program in a running container",
                                      .options = kExecOptions,
                                      .least_operands = 2,
                                      .most_operands = kAnyNumber,
                                      .options_end = OptionsEnd::AtFirstOperand,
                                      .examples = kExecExamples};

inline constexpr Option kOneServiceOption{.name = "service",
                                          .argument = "NAME",
                                          .help = "only this service of theirs, by its own stop signal and timeout",
                                          .times = Times::Many};
inline constexpr Option kStopOptions[] = {
    {.name = "time", .letter = 't', .argument = "SECONDS", .help = "how long to wait before SIGKILL (default: 10)"},
    kOneServiceOption,
    kHelpOption,
};
inline constexpr std::string_view kStopExamples[] = {"caisson stop web", "caisson stop -t 60 web db"};
inline constexpr Command kStopCommand{.name = "stop",
                                      .operands = "CONTAINER...",
                                      .summary = "end containers: by their stop signal, then by SIGKILL",
                                      .options = kStopOptions,
                                      .least_operands = 1,
                                      .most_operands = kAnyNumber,
                                      .examples = kStopExamples};
inline constexpr std::string_view kRestartExamples[] = {"caisson restart web", "caisson restart --service httpd web"};
inline constexpr Command kRestartCommand{.name = "restart",
                                         .operands = "CONTAINER...",
                                         .summary = "stop containers and start them again, with what they have written",
                                         .options = kStopOptions,
                                         .least_operands = 1,
                                         .most_operands = kAnyNumber,
                                         .examples = kRestartExamples};

inline constexpr Option kKillOptions[] = {
    {.name = "signal", .letter = 's', .argument = "SIGNAL", .help = "which one (default: KILL)"},
    kHelpOption,
};
inline constexpr std::string_view kKillExamples[] = {"caisson kill web", "caisson kill -s HUP web"};
inline constexpr Command kKillCommand{.name = "kill",
                                      .operands = "CONTAINER...",
                                      .summary = "send a signal to the first process of containers",
                                      .options = kKillOptions,
                                      .least_operands = 1,
                                      .most_operands = kAnyNumber,
                                      .examples = kKillExamples};

inline constexpr Option kRmOptions[] = {
    {.name = "force", .letter = 'f', .help = "kill what runs, and do not mind a container that is not there"},
    kHelpOption,
};
inline constexpr std::string_view kRmExamples[] = {"caisson rm web", "caisson rm -f web db"};
inline constexpr Command kRmCommand{.name = "rm",
                                    .operands = "CONTAINER...",
                                    .summary = "remove containers that have ended, with their logs",
                                    .options = kRmOptions,
                                    .least_operands = 1,
                                    .most_operands = kAnyNumber,
                                    .examples = kRmExamples};

// Commands that take containers and nothing else.
constexpr Command containers_command(std::string_view name, std::string_view summary,
                                     std::span<const std::string_view> examples) {
  return {.name = name,
          .operands = "CONTAINER...",
          .summary = summary,
          .least_operands = 1,
          .most_operands = kAnyNumber,
          .examples = examples};
}
inline constexpr std::string_view kWaitExamples[] = {"caisson wait web"};
inline constexpr Command kWaitCommand =
    containers_command("wait", "wait until containers have ended, and print their exit statuses", kWaitExamples);
inline constexpr Option kDetachKeysOption{
    .name = "detach-keys", .argument = "KEYS", .help = "keys that leave it running (default: ctrl-p,ctrl-q); empty for none"};
inline constexpr Option kSigProxyOption{
    .name = "sig-proxy", .argument = "[BOOL]", .help = "pass signals on to the container (default: true)"};

inline constexpr Option kStartOptions[] = {
    {.name = "attach", .letter = 'a', .help = "stay attached, and end with the status of the container"},
    {.name = "interactive", .letter = 'i', .help = "the same with standard input"},
    kDetachKeysOption,
    kSigProxyOption,
    {.name = "service", .argument = "NAME", .help = "this service of running containers", .times = Times::Many},
    kHelpOption,
};
inline constexpr std::string_view kStartExamples[] = {"caisson start web", "caisson start -a job"};
inline constexpr Command kStartCommand{.name = "start",
                                       .operands = "CONTAINER...",
                                       .summary = "start containers that have ended, as they were asked for by run",
                                       .options = kStartOptions,
                                       .least_operands = 1,
                                       .most_operands = kAnyNumber,
                                       .examples = kStartExamples};

inline constexpr Option kAttachOptions[] = {
    {.name = "no-stdin", .help = "only look"},
    kDetachKeysOption,
    kSigProxyOption,
    kHelpOption,
};
inline constexpr std::string_view kAttachExamples[] = {"caisson run -d -i -t --name lab -- sh; caisson attach lab",
                                                       "caisson attach --no-stdin web"};
inline constexpr Command kAttachCommand{.name = "attach",
                                        .operands = "CONTAINER",
                                        .summary = "be at the terminal or the streams of a detached container",
                                        .options = kAttachOptions,
                                        .least_operands = 1,
                                        .most_operands = 1,
                                        .examples = kAttachExamples};
inline constexpr std::string_view kPauseExamples[] = {"caisson pause web"};
inline constexpr std::string_view kUnpauseExamples[] = {"caisson unpause web"};
inline constexpr Command kPauseCommand =
    containers_command("pause", "freeze all processes of containers by their cgroups", kPauseExamples);
inline constexpr Command kUnpauseCommand = containers_command("unpause", "let paused containers go on", kUnpauseExamples);
inline constexpr Option kInspectOptions[] = {
    {.name = "as-file", .help = "print what it was made with instead, as a file for caisson run --file"},
    {.name = "json", .help = "with --as-file: JSON instead of TOML"},
    kHelpOption,
};
inline constexpr std::string_view kInspectExamples[] = {"caisson inspect web", "caisson inspect web | jq '.[0].State'",
                                                        "caisson inspect --as-file web >web.toml"};
inline constexpr Command kInspectCommand{.name = "inspect",
                                         .operands = "CONTAINER...",
                                         .summary = "print everything about containers as a JSON array",
                                         .options = kInspectOptions,
                                         .least_operands = 1,
                                         .most_operands = kAnyNumber,
                                         .examples = kInspectExamples};

inline constexpr Option kCpOptions[] = {
    {.name = "archive", .letter = 'a', .help = "keep owners, set-user-id bits and all extended attributes"},
    {.name = "follow-link", .letter = 'L', .help = "copy what the source leads to if it is a link"},
    kHelpOption,
};
inline constexpr std::string_view kCpExamples[] = {"caisson cp web:/etc/hosts .", "caisson cp -a ./site/. web:/srv",
                                                   "caisson cp web:/var/log - | tar t"};
inline constexpr Command kCpCommand{.name = "cp",
                                    .operands = "CONTAINER:PATH|PATH|- CONTAINER:PATH|PATH|-",
                                    .summary = "copy files out of a container or into one",
                                    .options = kCpOptions,
                                    .least_operands = 2,
                                    .most_operands = 2,
                                    .examples = kCpExamples};

inline constexpr std::string_view kDiffExamples[] = {"caisson diff web"};
inline constexpr Command kDiffCommand{.name = "diff",
                                      .operands = "CONTAINER",
                                      .summary = "list what a running container has added (A), changed (C) and deleted (D)",
                                      .least_operands = 1,
                                      .most_operands = 1,
                                      .examples = kDiffExamples};

inline constexpr std::string_view kRenameExamples[] = {"caisson rename web old-web"};
inline constexpr Command kRenameCommand{.name = "rename",
                                        .operands = "CONTAINER NAME",
                                        .summary = "give a container another name",
                                        .least_operands = 2,
                                        .most_operands = 2,
                                        .examples = kRenameExamples};

inline constexpr std::string_view kTopExamples[] = {"caisson top web", "caisson top web -o pid,rss,args"};
inline constexpr Command kTopCommand{.name = "top",
                                     .operands = "CONTAINER [PS-ARGUMENT...]",
                                     .summary = "show the processes of a container by the machine's own ps",
                                     .least_operands = 1,
                                     .most_operands = kAnyNumber,
                                     .options_end = OptionsEnd::AtFirstOperand,
                                     .examples = kTopExamples};

inline constexpr Option kStatsOptions[] = {
    {.name = "no-stream", .help = "print once (what happens without a terminal anyway)"},
    {.name = "json", .help = "print a JSON array, once"},
    kHelpOption,
};
inline constexpr std::string_view kStatsExamples[] = {"caisson stats", "caisson stats --no-stream web"};
inline constexpr Command kStatsCommand{.name = "stats",
                                       .operands = "[CONTAINER...]",
                                       .summary = "show what containers use of processors and memory, again each second",
                                       .options = kStatsOptions,
                                       .most_operands = kAnyNumber,
                                       .examples = kStatsExamples};

inline constexpr std::string_view kPruneExamples[] = {"caisson prune"};
inline constexpr Command kPruneCommand{.name = "prune",
                                       .summary = "remove all containers that do not run, and what killed commands have left",
                                       .examples = kPruneExamples};

}  // namespace caisson::app::human
