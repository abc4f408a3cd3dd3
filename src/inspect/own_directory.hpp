// Directories below a user's state directory that hold names of namespaces. Others may own a directory of the right name in
// /tmp: what is not the caller's own, can be written by others or is a symbolic link is not looked into.
#pragma once

#include <optional>
#include <string>

#include "sys/fd.hpp"

namespace caisson::inspect {

// Nothing when it is not there, or is not the caller's.
std::optional<sys::UniqueFd> find_own_directory(const std::string& state_root, const std::string& below);
// Makes what is missing. Throws Error{Host} for one that is not the caller's.
sys::UniqueFd make_own_directory(const std::string& state_root, const std::string& below);

// Everything that gives, takes or checks a name does it with this lock (flock(2)) on the state directory, which is made when it
// is missing. Readers need none.
sys::UniqueFd lock_names(const std::string& state_root);

}  // namespace caisson::inspect
