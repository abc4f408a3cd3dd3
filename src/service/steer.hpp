// One service of a running container, started, stopped or restarted by hand.
#pragma once

#include <string_view>

#include "launch/trampoline/services_page.hpp"
#include "lifecycle/context.hpp"

namespace caisson::service {

// Returns when it is done. Throws for a container that does not run, for a name that none of its services has, and for a
// service that did not do what was asked.
void steer(const lifecycle::Context& context, std::string_view id, std::string_view name, launch::ServiceOrder order);

}  // namespace caisson::service
