// A name means one namespace of a kind, whoever keeps it: checked before anything is made, with lock_names() held.
#pragma once

#include <string>
#include <vector>

#include "inspect/kind_choice.hpp"
#include "inspect/pin.hpp"

namespace caisson::inspect {

// Throws Error{Host} when one of the kinds has the name already; for Holder also when any hold has it.
void refuse_taken(const std::string& state_root, const std::string& name, const std::vector<ChosenNamespace>& chosen,
                  PinnedBy by);

}  // namespace caisson::inspect
