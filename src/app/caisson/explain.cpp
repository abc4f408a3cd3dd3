#include "inspect/explain.hpp"

#include "app/caisson/commands.hpp"
#include "app/caisson/state_root.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/explain_facts.hpp"
#include "inspect/target.hpp"

namespace caisson::app::human {

int explain(const Invocation& invocation) {
  const inspect::Target target = inspect::resolve_target(invocation.operand(0), places_of(invocation));
  if (target.type)
    throw Error(ErrorKind::Usage, text::join(target.name, " is a namespace, not a process or a container"))
        .with_hint(text::join("caisson ns show ", target.name, " tells what is in it"));
  const inspect::ExplainFacts facts = inspect::read_explain_facts(target);
  const inspect::ByHand by_hand = facts.by_hand();
  const std::string title = text::join("process ", target.pid, " by hand");
  print_out(invocation.options().flag("commands") ? inspect::shell_text(inspect::script_of(by_hand), title)
                                                  : inspect::explain_text(by_hand));
  return 0;
}

}  // namespace caisson::app::human
