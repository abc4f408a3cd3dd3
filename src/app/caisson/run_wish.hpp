// The options of `caisson run` as a RunWish.
#pragma once

#include "app/options.hpp"
#include "request/run_wish.hpp"

namespace caisson::app::human {

// on_terminal: whether the caller sits at a terminal, which then is the default. Throws Error{Usage}.
request::RunWish run_wish(const Parsed& line, bool on_terminal);

}  // namespace caisson::app::human
