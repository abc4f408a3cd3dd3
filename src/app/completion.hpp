// Shell completion from the tables of options.hpp. The files in completions/ are this function's output, checked by a test.
#pragma once

#include <string>

#include "app/options.hpp"

namespace caisson::app {

// For bash-completion: commands, options of each command, container ids from `PROGRAM list --quiet`, files and directories.
std::string bash_completion(const Program& program);

}  // namespace caisson::app
