// A service as a table of a file: [service.NAME] with command and the keys of --service.
#pragma once

#include <string_view>

#include "service/wish.hpp"
#include "toml/value.hpp"

namespace caisson::service {

// Throws Error(Spec, "FILE:LINE:COLUMN: ...").
Wish from_table(const toml::Member& table, std::string_view file);

}  // namespace caisson::service
