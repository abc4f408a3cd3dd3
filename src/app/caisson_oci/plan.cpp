#include "app/caisson_oci/create_request.hpp"
#include "app/report.hpp"

namespace caisson::app::oci {

int plan(const Invocation& invocation) {
  // The id shows up in names only: the keyring, a cgroup without a path of its own.
  std::string id = invocation.line.operands.empty() ? "container" : invocation.operand(0);
  print_out(lifecycle::plan_text(invocation.context, create_request(invocation.options(), std::move(id))));
  return 0;
}

}  // namespace caisson::app::oci
