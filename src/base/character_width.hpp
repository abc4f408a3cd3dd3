// How much room a character takes on a terminal, and which must never reach one (Unicode 15, UAX #11 and UAX #9). Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace caisson::text {

// 0 for marks that combine, 2 for the wide characters of East Asia and emoji, else 1. For what is_undrawable: no meaning.
int columns_of(char32_t code) noexcept;
// Controls, which move the cursor (C1 too), separators of lines, and marks that turn the direction of writing and so hide what
// a text says.
bool is_undrawable(char32_t code) noexcept;

// Of UTF-8; a byte that begins no character counts as one.
std::size_t columns_of(std::string_view text) noexcept;
// As many whole characters from the front as fit.
std::string_view cut_to_columns(std::string_view text, std::size_t columns) noexcept;

}  // namespace caisson::text
