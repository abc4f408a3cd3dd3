#include "app/complete.hpp"

#include "app/caisson_oci/commands.hpp"
#include "app/caisson_oci/grammar.hpp"
#include "app/paths.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "process/signals.hpp"
#include "security/capabilities.hpp"

namespace caisson::app::oci {
namespace {

std::vector<Candidate> live_words(Wanted wanted, const lifecycle::Context& context) {
  std::vector<Candidate> words;
  if (wanted == Wanted::Containers)
    for (const lifecycle::ListEntry& entry : lifecycle::list(context)) words.push_back({entry.state.id, entry.state.status});
  if (wanted == Wanted::Signals)
    for (int number = 1; number < process::kFirstRealtimeSignal - 2; ++number)
      words.push_back({process::signal_name(number).substr(3), {}});
  if (wanted == Wanted::Capabilities)
    for (const std::string& name : security::capability_names(security::kAllCapabilities)) words.push_back({name, {}});
  return words;
}

}  // namespace

int complete_word(const Invocation& invocation) {
  const Completion completion = complete(grammar(), invocation.line.operands);
  lifecycle::Context context = invocation.context;
  if (!completion.root.empty()) context.state_root = absolute_path(completion.root);
  print_out(completion_lines(completion, live_words(completion.wanted, context)));
  return 0;
}

}  // namespace caisson::app::oci
