#include "app/caisson_oci/create_request.hpp"

namespace caisson::app::oci {

int run(const Invocation& invocation) {
  return lifecycle::run(invocation.context, create_request(invocation.options(), invocation.operand(0)));
}

}  // namespace caisson::app::oci
