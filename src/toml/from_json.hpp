// A JSON document as the same kind of tree. Stricter than json::Document: null and members of the same name are refused.
#pragma once

#include <string_view>

#include "toml/value.hpp"

namespace caisson::toml {

// file: for messages. Throws Error{Spec}.
Value parse_json(std::string_view text, std::string_view file);

}  // namespace caisson::toml
