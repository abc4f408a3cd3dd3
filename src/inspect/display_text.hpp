// Text of others (commands, names) made fit to be drawn: nothing in it can move a cursor or turn the direction of writing, and
// its width in terminal columns is known. UTF-8 throughout.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace caisson::inspect {

// The same text with control characters, marks that turn the direction of writing and bytes that are no UTF-8 replaced by
// U+FFFD, cut (with an ellipsis) after so many characters.
std::string displayable(std::string_view text, std::size_t most_characters = 300);

// As much of the text as fits, the last column being the mark ("…" or "~") when something was left out.
std::string clipped(std::string_view text, std::size_t columns, std::string_view mark);

}  // namespace caisson::inspect
