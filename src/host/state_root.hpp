// Where the records of containers are kept when no --root is given.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace caisson::host {

// root: /run/caisson. Others: $XDG_RUNTIME_DIR/caisson (an empty or relative value counts as unset), else
// /run/user/UID/caisson when that directory is the user's own, else /tmp/caisson-UID. The directory itself is made, and its
// owner checked, by state::StateRoot.
std::string default_state_root(uid_t euid, std::string_view xdg_runtime_dir);

}  // namespace caisson::host
