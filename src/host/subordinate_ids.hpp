// /etc/subuid, /etc/subgid (man 5 subuid) and the one line of /etc/passwd that names a user. Own parsers: a name service
// switch would load plugins into a static program. Strict: a line that is not NAME:FIRST:COUNT is skipped, never guessed at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/facts.hpp"

namespace caisson::host {

// Ranges of the user, given by name (may be empty) or by number, in file order; ranges that overflow 32 bits are skipped.
std::vector<IdRange> parse_subordinate_ids(std::string_view file, std::string_view user_name, std::uint32_t uid);
// Name of uid in the text of a passwd file; empty without an entry.
std::string user_name_of(std::string_view passwd, std::uint32_t uid);

}  // namespace caisson::host
