#include <signal.h>

#include "app/caisson_oci/commands.hpp"
#include "process/signals.hpp"

namespace caisson::app::oci {

int kill(const Invocation& invocation) {
  const auto& operands = invocation.line.operands;
  lifecycle::kill(invocation.context, {.id = invocation.operand(0),
                                       .signal = operands.size() > 1 ? process::parse_signal(operands[1]) : SIGTERM,
                                       .all = invocation.options().flag("all")});
  return 0;
}

}  // namespace caisson::app::oci
