#include "app/caisson_oci/create_request.hpp"

namespace caisson::app::oci {

int create(const Invocation& invocation) {
  lifecycle::create(invocation.context, create_request(invocation.options(), invocation.operand(0)));
  return 0;
}

}  // namespace caisson::app::oci
