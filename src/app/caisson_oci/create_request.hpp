// The options that create, run and plan share.
#pragma once

#include "app/caisson_oci/commands.hpp"

namespace caisson::app::oci {

// Every path absolute: the runtime changes into the bundle later.
lifecycle::CreateRequest create_request(const OptionValues& options, std::string id);

}  // namespace caisson::app::oci
