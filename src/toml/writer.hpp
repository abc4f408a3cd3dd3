// Pieces of a TOML text.
#pragma once

#include <string>
#include <string_view>

namespace caisson::toml {

// A name as it may stand before "=", in quotes where it must.
std::string written_key(std::string_view name);
// A string on one line, in double quotes.
std::string written_text(std::string_view text);

}  // namespace caisson::toml
