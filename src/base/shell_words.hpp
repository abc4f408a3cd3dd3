// A line of words as a shell would split it, without a shell: blanks part words; '...', "..." and \ keep characters as they
// are. Nothing else has a meaning: no variables, patterns, pipes or comments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caisson::text {

// Throws Error{Usage} for a quote or a backslash without its end.
std::vector<std::string> shell_words(std::string_view line);
// A word as that line has it, in quotes where it must.
std::string shell_word(std::string_view word);

}  // namespace caisson::text
