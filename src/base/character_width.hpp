// How much room a character takes on a terminal, and which must never reach one (Unicode 15, UAX #11 and UAX #9). Pure.
#pragma once

namespace caisson::text {

// 0 for marks that combine, 2 for the wide characters of East Asia and emoji, else 1. For what is_undrawable: no meaning.
int columns_of(char32_t code) noexcept;
// Controls, which move the cursor (C1 too), separators of lines, and marks that turn the direction of writing and so hide what
// a text says.
bool is_undrawable(char32_t code) noexcept;

}  // namespace caisson::text
