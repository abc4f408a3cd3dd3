#include "app/caisson/grammar.hpp"

#include <algorithm>

#include "app/caisson/explain_grammar.hpp"
#include "app/caisson/ns_grammar.hpp"
#include "app/caisson/nsenter_grammar.hpp"
#include "app/caisson/run_grammar.hpp"
#include "app/caisson/unshare_grammar.hpp"

namespace caisson::app::human {
namespace {

constexpr Option kGlobalOptions[] = {
    {.name = "root", .argument = "DIR", .help = "directory that holds the state of all containers"},
    {.name = "version", .letter = 'v', .help = "print the version"},
    {.name = "version", .letter = 'V'},
    kHelpOption,
};

constexpr Command kCommands[] = {
    kRunCommand, kNsCommand, kExplainCommand, kUnshareCommand, kNsenterCommand,
};

constexpr std::string_view kAbsent[] = {
    "shell", "exec", "ps", "logs", "stop", "kill", "rm", "stats", "inspect", "image", "net", "check", "lsns",
};

constexpr Program kProgram{.name = "caisson",
                           .summary = "Linux namespaces, as containers and as tools",
                           .options = kGlobalOptions,
                           .commands = kCommands,
                           .absent = kAbsent,
                           .examples = kRunExamples};

}  // namespace

const Program& grammar() noexcept { return kProgram; }

const Command* face(std::string_view program) noexcept {
  const auto found = std::ranges::find(kCommands, program, &Command::name);
  return found != std::end(kCommands) && found->style == OptionStyle::GetoptLong ? &*found : nullptr;
}

}  // namespace caisson::app::human
