// The options of `caisson run` as a RunWish.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "request/run_wish.hpp"

namespace caisson::app::human {

// All values of an option that may be given more than once.
std::vector<std::string> texts(const OptionValues& options, std::string_view name);

// on_terminal: whether the caller sits at a terminal, which then is the default. Throws Error{Usage}.
request::RunWish run_wish(const Parsed& line, bool on_terminal);

}  // namespace caisson::app::human
