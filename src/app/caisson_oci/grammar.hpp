// The command line of caisson-oci: that of runc and crun, so that engines can call it without knowing which one it is.
#pragma once

#include "app/options.hpp"

namespace caisson::app::oci {

const Program& grammar() noexcept;

}  // namespace caisson::app::oci
