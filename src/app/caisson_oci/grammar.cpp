#include "app/caisson_oci/grammar.hpp"

#include <algorithm>
#include <array>

#include "app/complete.hpp"

namespace caisson::app::oci {

namespace {

constexpr Option kGlobalOptions[] = {
    {.name = "root", .argument = "DIR", .help = "directory that holds the state of all containers"},
    {.name = "log", .argument = "FILE", .help = "append error records to this file"},
    {.name = "log-format", .argument = "text|json", .help = "form of the records"},
    {.name = "log-level", .argument = "error|warning|debug", .help = "least important record"},
    {.name = "debug", .help = "the same as --log-level debug"},
    {.name = "systemd-cgroup", .help = "let systemd make the cgroup (cgroupsPath is SLICE:PREFIX:NAME)"},
    {.name = "cgroup-manager", .argument = "WHO", .help = "who makes the cgroup: cgroupfs, systemd or disabled"},
    {.name = "rootless", .argument = "true|false|auto", .help = "accepted for runc's sake; found out by itself"},
    {.name = "explain", .help = "print every step with its time as it happens, to stderr"},
    {.name = "trace", .argument = "FILE", .help = "write the steps as a Chrome or Perfetto trace"},
    {.name = "criu", .argument = "PATH"},  // old engines still pass it
    {.name = "systemd-log"},               // youki's
    {.name = "version", .letter = 'v', .help = "print the versions of program and specification"},
    {.name = "version", .letter = 'V'},
};

template <std::size_t A, std::size_t B>
constexpr std::array<Option, A + B> joined(const Option (&one)[A], const Option (&other)[B]) {
  std::array<Option, A + B> out{};
  std::ranges::copy(other, std::ranges::copy(one, out.begin()).out);
  return out;
}

constexpr Option kCreateOptions[] = {
    {.name = "bundle", .letter = 'b', .argument = "DIR", .help = "directory with config.json (default: the current one)"},
    {.name = "config",
     .letter = 'f',
     .argument = "FILE",
     .help = "read this configuration instead of the bundle's config.json"},
    {.name = "console-socket", .argument = "SOCKET", .help = "send the terminal to this unix socket"},
    {.name = "pid-file", .argument = "FILE", .help = "write the process id of the container here"},
    {.name = "pidfd-socket", .argument = "SOCKET", .help = "send a pidfd of the container to this unix socket"},
    {.name = "no-pivot", .help = "change the root by moving the mount, for a root on a ramdisk"},
    {.name = "no-new-keyring", .help = "stay in the caller's session keyring"},
    {.name = "preserve-fds", .argument = "N", .help = "pass descriptors 3 to 2+N on to the container"},
};
constexpr Option kNoSubreaperOption[] = {{.name = "no-subreaper", .help = "do not adopt orphans of the container"}};
constexpr Option kRunOnlyOptions[] = {
    {.name = "detach", .letter = 'd', .help = "return as soon as the container runs"},
    {.name = "keep", .help = "do not delete the container when it has ended"},
    {.name = "no-subreaper", .help = "do not adopt orphans of the container"},
};
constexpr auto kCreateAll = joined(kCreateOptions, kNoSubreaperOption);
constexpr auto kRunAll = joined(kCreateOptions, kRunOnlyOptions);

constexpr Option kExecOptions[] = {
    {.name = "process", .letter = 'p', .argument = "FILE", .help = "read the process (process.json) from this file"},
    {.name = "detach", .letter = 'd', .help = "return as soon as the process runs"},
    {.name = "tty", .letter = 't', .help = "give the process a terminal"},
    {.name = "console-socket", .argument = "SOCKET", .help = "send the terminal to this unix socket"},
    {.name = "pid-file", .argument = "FILE", .help = "write the process id here"},
    {.name = "pidfd-socket", .argument = "SOCKET", .help = "send a pidfd of the process to this unix socket"},
    {.name = "user", .letter = 'u', .argument = "UID[:GID]", .help = "run as this user, by number"},
    {.name = "additional-gids", .letter = 'g', .argument = "GID", .help = "add a supplementary group", .times = Times::Many},
    {.name = "env", .letter = 'e', .argument = "NAME=VALUE", .help = "set a variable", .times = Times::Many},
    {.name = "cwd", .argument = "PATH", .help = "working directory inside the container"},
    {.name = "cap", .letter = 'c', .argument = "CAP", .help = "add a capability", .times = Times::Many},
    {.name = "no-new-privs", .help = "the process can never gain privileges"},
    {.name = "process-label", .argument = "LABEL", .help = "SELinux label of the process"},
    {.name = "apparmor", .argument = "PROFILE", .help = "AppArmor profile of the process"},
    {.name = "preserve-fds", .argument = "N", .help = "pass descriptors 3 to 2+N on to the process"},
    {.name = "cgroup",
     .argument = "CGROUP",
     .help = "run in this cgroup below the container's: PATH, or CTRL[,CTRL]:PATH",
     .times = Times::Many},
    {.name = "ignore-paused", .help = "exec into a paused container too; the process waits for resume"},
};

constexpr Option kKillOptions[] = {{.name = "all", .letter = 'a', .help = "signal every process of the container"}};
constexpr Option kDeleteOptions[] = {
    {.name = "force", .letter = 'f', .help = "kill a running container first; a missing one is no error"}};
constexpr Option kListOptions[] = {
    {.name = "format", .letter = 'f', .argument = "table|json", .help = "how to print them"},
    {.name = "quiet", .letter = 'q', .help = "print ids only"},
};
constexpr Option kPsOptions[] = {{.name = "format", .letter = 'f', .argument = "table|json", .help = "how to print them"}};
constexpr Option kSpecOptions[] = {
    {.name = "bundle", .letter = 'b', .argument = "DIR", .help = "where to write config.json (default: the current directory)"},
    {.name = "file", .letter = 'f', .argument = "FILE", .help = "write to this file instead of config.json in the bundle"},
    {.name = "rootless", .help = "for a container of an ordinary user"},
};

constexpr std::string_view kCreateExamples[] = {
    "caisson-oci create --bundle /srv/web --pid-file /run/web.pid web",
    "caisson-oci create -b /srv/web --console-socket /run/web.sock web",
};
constexpr std::string_view kRunExamples[] = {
    "caisson-oci run --bundle /srv/web web",
    "caisson-oci run --detach --pid-file /run/web.pid -b /srv/web web",
};
constexpr std::string_view kStartExamples[] = {"caisson-oci start web"};
constexpr std::string_view kStateExamples[] = {"caisson-oci state web"};
constexpr std::string_view kKillExamples[] = {"caisson-oci kill web", "caisson-oci kill web KILL",
                                              "caisson-oci kill --all web 9"};
constexpr std::string_view kDeleteExamples[] = {"caisson-oci delete web", "caisson-oci delete --force web"};
constexpr std::string_view kExecExamples[] = {
    "caisson-oci exec --tty web /bin/sh",
    "caisson-oci exec --env LANG=C --user 1000:1000 --cwd /srv web ls -l",
    "caisson-oci exec --process process.json --detach --pid-file /run/job.pid web",
};
constexpr std::string_view kListExamples[] = {"caisson-oci list", "caisson-oci list --format json"};
constexpr std::string_view kPsExamples[] = {"caisson-oci ps web", "caisson-oci ps web -o pid,args",
                                            "caisson-oci ps --format json web"};
constexpr std::string_view kSpecExamples[] = {"caisson-oci spec", "caisson-oci spec --bundle /srv/web --rootless"};
constexpr std::string_view kFeaturesExamples[] = {"caisson-oci features"};
constexpr std::string_view kPlanExamples[] = {"caisson-oci plan --bundle /srv/web web"};
constexpr std::string_view kProgramExamples[] = {
    "caisson-oci spec && caisson-oci run demo",
    "caisson-oci create -b /srv/web web && caisson-oci start web && caisson-oci state web",
};

constexpr Command kCommands[] = {
    {.name = "create",
     .operands = "ID",
     .summary = "Build a container from a bundle; it then waits for start.",
     .options = kCreateAll,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kCreateExamples},
    {.name = "start",
     .operands = "ID",
     .summary = "Let the program of a created container run.",
     .least_operands = 1,
     .most_operands = 1,
     .examples = kStartExamples},
    {.name = "run",
     .operands = "ID",
     .summary = "Create and start a container and wait for its end.",
     .options = kRunAll,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kRunExamples},
    {.name = "exec",
     .operands = "ID [COMMAND [ARGUMENT...]]",
     .summary = "Run a further process in a container.",
     .options = kExecOptions,
     .least_operands = 1,
     .most_operands = kAnyNumber,
     .options_end = OptionsEnd::AtFirstOperand,
     .examples = kExecExamples},
    {.name = "state",
     .operands = "ID",
     .summary = "Print the state of a container as JSON.",
     .least_operands = 1,
     .most_operands = 1,
     .examples = kStateExamples},
    {.name = "kill",
     .operands = "ID [SIGNAL]",
     .summary = "Send a signal to a container (default: TERM).",
     .options = kKillOptions,
     .least_operands = 1,
     .most_operands = 2,
     .options_end = OptionsEnd::AtFirstOperand,
     .examples = kKillExamples},
    {.name = "delete",
     .operands = "ID",
     .summary = "Remove a container that has ended, and everything made for it.",
     .options = kDeleteOptions,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kDeleteExamples},
    {.name = "list", .summary = "List the containers.", .options = kListOptions, .examples = kListExamples},
    {.name = "ps",
     .operands = "ID [PS OPTION...]",
     .summary = "List the processes of a container.",
     .options = kPsOptions,
     .least_operands = 1,
     .most_operands = kAnyNumber,
     .options_end = OptionsEnd::AtFirstOperand,
     .examples = kPsExamples},
    {.name = "spec", .summary = "Write a config.json to start from.", .options = kSpecOptions, .examples = kSpecExamples},
    {.name = "features", .summary = "Print what this runtime supports as JSON.", .examples = kFeaturesExamples},
    {.name = "plan",
     .operands = "[ID]",
     .summary = "Print every step that would build a container; changes nothing.",
     .options = kCreateAll,
     .most_operands = 1,
     .examples = kPlanExamples},
    {.name = kCompleteCommand, .most_operands = kAnyNumber, .options_end = OptionsEnd::AtFirstOperand},
};

constexpr std::string_view kAbsentCommands[] = {"pause", "resume", "update", "events", "checkpoint", "restore"};

constexpr Program kProgram{
    .name = "caisson-oci",
    .summary = "Runs containers from OCI bundles (runtime-spec 1.3.0).",
    .options = kGlobalOptions,
    .commands = kCommands,
    .absent = kAbsentCommands,
    .examples = kProgramExamples,
};

}  // namespace

const Program& grammar() noexcept { return kProgram; }

}  // namespace caisson::app::oci
