// Words for what is wrong with the syntax of a JSON text, and where.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace caisson::json {

// Error(Spec, "line 3, column 7: <problem>") for a byte offset of the text; columns count bytes from 1.
Error error_at(std::string_view text, std::size_t offset, std::string_view problem);
// As above, with the words for a code of the parser.
Error syntax_error(std::string_view text, std::size_t offset, int parser_code);

}  // namespace caisson::json
