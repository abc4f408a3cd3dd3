#include "app/caisson_oci/commands.hpp"

namespace caisson::app::oci {

int start(const Invocation& invocation) {
  lifecycle::start(invocation.context, invocation.operand(0));
  return 0;
}

}  // namespace caisson::app::oci
