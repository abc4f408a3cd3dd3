// A session keyring per container, so that no key of the caller can be reached inside (man 7 session-keyring). The init of a
// container makes `_ses.<id>`, later processes join it. A kernel or filter without keyrings is no error: there is nothing to
// keep apart then. A keyring of that name that another user owns is never joined.
#pragma once

#include <cstdint>
#include <string_view>

namespace caisson::process {

enum class KeySearch : std::uint8_t { ByOwner, ByOthers };  // ByOthers: in a user namespace, where the owner is another

void join_session_keyring(std::string_view container_id, KeySearch search);

}  // namespace caisson::process
