#include "app/caisson/grammar.hpp"

#include <algorithm>

#include "app/caisson/check_grammar.hpp"
#include "app/caisson/explain_grammar.hpp"
#include "app/caisson/image_grammar.hpp"
#include "app/caisson/life_grammar.hpp"
#include "app/caisson/lsns_grammar.hpp"
#include "app/caisson/net_grammar.hpp"
#include "app/caisson/ns_grammar.hpp"
#include "app/caisson/nsenter_grammar.hpp"
#include "app/caisson/run_grammar.hpp"
#include "app/caisson/unshare_grammar.hpp"
#include "app/complete.hpp"
#include "life/keep.hpp"

namespace caisson::app::human {
namespace {

constexpr Option kGlobalOptions[] = {
    {.name = "root", .argument = "DIR", .help = "directory that holds the state of all containers"},
    {.name = "version", .letter = 'v', .help = "print the version"},
    {.name = "version", .letter = 'V'},
    kHelpOption,
};

// For the completion of shells, which is not listed.
constexpr Command kCompleteCommandRow{
    .name = kCompleteCommand, .most_operands = kAnyNumber, .options_end = OptionsEnd::AtFirstOperand};

// For the keepers of detached containers: PHASE STORE ID.
constexpr Command kKeepCommandRow{.name = life::kKeepCommand, .least_operands = 3, .most_operands = 3};

constexpr Command kCommands[] = {
    kRunCommand,     kPsCommand,      kLogsCommand,        kExecCommand,    kStopCommand,    kStartCommand,  kRestartCommand,
    kKillCommand,    kWaitCommand,    kRmCommand,          kPauseCommand,   kUnpauseCommand, kRenameCommand, kTopCommand,
    kStatsCommand,   kInspectCommand, kPruneCommand,       kCpCommand,      kDiffCommand,    kAttachCommand, kUnshareCommand,
    kNsenterCommand, kLsnsCommand,    kNsCommand,          kNetCommand,     kImageCommand,   kPullCommand,   kCommitCommand,
    kExplainCommand, kCheckCommand,   kCompleteCommandRow, kKeepCommandRow,
};

constexpr std::string_view kAbsent[] = {
    "shell",
};

constexpr std::string_view kExamples[] = {
    "caisson check --problems",
    "caisson run",
    "caisson run --volume $PWD:/work --workdir /work -- make",
    "caisson run --detach --name web -- httpd -f",
    "caisson logs -f web",
    "caisson unshare --map-root-user --mount --pid --fork --mount-proc sh",
    "caisson nsenter --target 1234 --all",
    "caisson ns ls",
    "caisson ns pin lab --from 1234 --kind net",
};

constexpr Program kProgram{.name = "caisson",
                           .summary = "Linux namespaces, as containers and as tools",
                           .options = kGlobalOptions,
                           .commands = kCommands,
                           .absent = kAbsent,
                           .examples = kExamples};

}  // namespace

const Program& grammar() noexcept { return kProgram; }

const Command* face(std::string_view program) noexcept {
  const auto found = std::ranges::find(kCommands, program, &Command::name);
  return found != std::end(kCommands) && found->style == OptionStyle::GetoptLong ? &*found : nullptr;
}

}  // namespace caisson::app::human
