#include "app/caisson_oci/commands.hpp"
#include "app/report.hpp"

namespace caisson::app::oci {

int state(const Invocation& invocation) {
  print_out(spec::write_state(lifecycle::state(invocation.context, invocation.operand(0))) + '\n');
  return 0;
}

}  // namespace caisson::app::oci
