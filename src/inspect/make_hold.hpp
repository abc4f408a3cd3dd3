// Starting and ending the processes that hold namespaces (hold.hpp). Whenever this is killed, no holder is left without a
// record that names it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "inspect/kind_choice.hpp"
#include "ns/kinds.hpp"

namespace caisson::inspect {

// The holder's pid. Throws Error{Host} when the name is taken, by whatever way, for one of the kinds, or by another hold.
pid_t make_hold(const std::string& state_root, const std::string& name, const std::vector<ChosenNamespace>& chosen);

// Lets go of those kinds; the others of the same hold go on, with a new holder. For whoever has lock_names().
void end_hold(const std::string& state_root, const std::string& name, const std::vector<ns::Type>& types);

// Takes away the records of holders that have ended, holders that a killed rm left without a name, and the directory of records
// when it is empty. For whoever has lock_names().
void sweep_holds(const std::string& state_root);
// The directory of records, when there is none left in it.
void remove_empty_holds(const std::string& state_root) noexcept;

}  // namespace caisson::inspect
