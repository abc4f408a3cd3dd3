// What the commands that take images in have in common: their options, and what they print.
#pragma once

#include <functional>

#include "app/caisson/commands.hpp"
#include "image/load.hpp"

namespace caisson::app::human {

image::LoadOptions load_options(const OptionValues& options);
// Shows how far take_in() is, which goes by these options; the bar is gone when something else is said.
image::Loaded with_bar(image::LoadOptions& options, const std::function<image::Loaded()>& take_in);
// One line for each image on standard output, what was left out on standard error.
int report_loaded(const image::Loaded& loaded);

}  // namespace caisson::app::human
