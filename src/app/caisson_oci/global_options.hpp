// What the options before the command mean: where state and log are, who makes cgroups.
#pragma once

#include "app/options.hpp"
#include "base/log.hpp"
#include "lifecycle/context.hpp"

namespace caisson::app::oci {

// Throws Error{Usage} for an unknown format or level and Error{Kernel} for a log in a directory that is not there: before
// anything happens, not when the first record is due.
LogOptions log_options(const Parsed& line, std::string_view program);

// Everything but the log sink.
lifecycle::Context context_of(const OptionValues& global, std::string_view program);

}  // namespace caisson::app::oci
