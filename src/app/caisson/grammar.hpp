// The command line of caisson, as tables: parser, help and completion are made from them.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

const Program& grammar() noexcept;

}  // namespace caisson::app::human
