// The process that exec runs, from its command line: pure.
#pragma once

#include <span>
#include <string_view>

#include "app/options.hpp"
#include "spec/spec.hpp"

namespace caisson::app::oci {

// `base` is the process of the container's configuration; the options change it, the words are the program and its arguments.
// Throws Error{Usage} naming the option that cannot be understood.
spec::Process exec_process(spec::Process base, const OptionValues& options, std::span<const std::string_view> words);

}  // namespace caisson::app::oci
