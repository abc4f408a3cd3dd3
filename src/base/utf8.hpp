// Whether bytes are UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace caisson::text {

// Bytes of the character at the front of a text that is not empty; 0 when it is not well formed.
std::size_t utf8_length(std::string_view text) noexcept;

// The character at the front of a text that is not empty; a byte that begins none stands for itself.
struct Character {
  std::string_view bytes;
  char32_t code = 0;
};
Character first_character(std::string_view text) noexcept;

// The offset of the first byte that is NUL or begins no character; npos when there is none.
std::size_t find_not_text(std::string_view text) noexcept;
// Whether no byte is NUL or above 0x7F.
bool is_ascii(std::string_view text) noexcept;

}  // namespace caisson::text
