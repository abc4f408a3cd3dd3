// TOML 1.0 (toml.io), read strictly: what the specification calls invalid is refused, at its line and column. Two limits of our
// own: at most 64 values inside each other, and no NUL in a string, which would silently end the C strings that words become.
#pragma once

#include <string_view>

#include "toml/value.hpp"

namespace caisson::toml {

// The root table. file: for messages. Throws Error{Spec}.
Value parse(std::string_view text, std::string_view file);

}  // namespace caisson::toml
