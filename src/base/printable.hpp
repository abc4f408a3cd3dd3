// Names that anybody may have chosen, on their way to a terminal.
#pragma once

#include <string>
#include <string_view>

namespace caisson::text {

// Whether a terminal could take a part of it for a command: control characters, also those of C1 in UTF-8, and bytes that are
// no UTF-8.
bool has_control(std::string_view whole) noexcept;
// As it is, or quoted when it has such characters.
std::string printable(std::string_view whole);

}  // namespace caisson::text
