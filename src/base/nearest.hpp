// The known word that somebody most likely meant: for hints on unknown options, commands and names.
#pragma once

#include <span>
#include <string_view>

namespace caisson::text {

// Edits (insert, drop, replace, swap of neighbours) that turn one word into the other.
unsigned edit_distance(std::string_view one, std::string_view other);

// Empty when nothing is near: at most one edit for each three letters, or the word is the beginning of exactly one known word.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace caisson::text
