// Text as a string of JSON (RFC 8259).
#pragma once

#include <string>
#include <string_view>

namespace caisson::text {

// Appends it in quotation marks. A byte that is no UTF-8 becomes U+FFFD: a path may hold any byte, a document must still parse.
void append_json(std::string& out, std::string_view value);

}  // namespace caisson::text
