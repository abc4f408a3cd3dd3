// The words that only the running machine knows, for the completion of shells: containers, pins, processes, users.
#pragma once

#include <string>
#include <vector>

#include "app/complete.hpp"

namespace caisson::app::human {

// Those that may stand where `wanted` is asked for and begin with `begun`. What cannot be read is left out: a shell that
// completes a word is no place for messages.
std::vector<Candidate> live_words(Wanted wanted, const std::string& begun, const std::string& state_root);

}  // namespace caisson::app::human
