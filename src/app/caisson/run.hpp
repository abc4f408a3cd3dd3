// `caisson run`: a person's wishes, from the command line to a container.
#pragma once

#include <string>

#include "app/options.hpp"
#include "base/log.hpp"

namespace caisson::app::human {

struct RunContext {
  const Parsed& line;
  LogSink& log;
};

// The exit status of the program: that of the payload, or 0 after a report.
int run(const RunContext& context);

}  // namespace caisson::app::human
