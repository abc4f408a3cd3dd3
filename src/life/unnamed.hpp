// Containers in the foreground that were given no name. Nothing is written for listings when one starts: what the runtime
// keeps for itself tells of those that run.
#pragma once

#include <vector>

#include "life/look.hpp"

namespace caisson::life {

struct Unnamed {
  Record record;  // as far as it can be known
  Seen seen;
};
// The newest first.
std::vector<Unnamed> unnamed_runs(const lifecycle::Context& context);
// Throws Error{State} when the word is the id of one: commands that change something go by names.
void refuse_unnamed(const lifecycle::Context& context, std::string_view word);

}  // namespace caisson::life
