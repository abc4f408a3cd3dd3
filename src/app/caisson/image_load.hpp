// What the commands that take images in have in common: their options, and what they print.
#pragma once

#include "app/caisson/commands.hpp"
#include "image/load.hpp"

namespace caisson::app::human {

image::LoadOptions load_options(const OptionValues& options);
// One line for each image on standard output, what was left out on standard error.
int report_loaded(const image::Loaded& loaded);

}  // namespace caisson::app::human
