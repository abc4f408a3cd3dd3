// All ids that the containers of a user have, for whoever makes, reads or removes files of containers and images.
#pragma once

#include <cstdint>

namespace caisson::life {

enum class OwnIds : std::uint8_t { All, RootOnly };

// An ordinary user's program becomes root of a user namespace, above which its subordinate ids are, if it has any. Root stays
// what it is. The calling process, which must have one thread. Throws Error.
OwnIds enter_own_ids();

}  // namespace caisson::life
