#include "app/caisson_oci/commands.hpp"

namespace caisson::app::oci {

int destroy(const Invocation& invocation) {
  lifecycle::destroy(invocation.context, {.id = invocation.operand(0), .force = invocation.options().flag("force")});
  return 0;
}

}  // namespace caisson::app::oci
