// Which store of images a command line means.
#pragma once

#include <string>

#include "app/caisson/commands.hpp"
#include "image/store.hpp"

namespace caisson::app::human {

// --store, else CAISSON_STORE, else the usual place of the user; absolute.
std::string store_path(const OptionValues& options);
// Throws Error{Usage} when there is none yet.
image::Store open_store(const OptionValues& options, image::StoreUse use);
// "12.3 MB"
std::string size_text(std::uint64_t bytes);

}  // namespace caisson::app::human
