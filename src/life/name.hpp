// What a detached container is called: by an id of 64 hexadecimal digits, by the first of them, or by the name that a person
// gave.
#pragma once

#include <string>
#include <string_view>

namespace caisson::life {

inline constexpr std::size_t kIdDigits = 64, kShortId = 12;  // of an id, and those of them that listings show

// Throws Error{Usage} unless [A-Za-z0-9][A-Za-z0-9_.-]*, at most 128 bytes.
void check_name(std::string_view name);
// Of the kernel's random numbers.
std::string new_id();
// Of another id, as containers in the foreground have, all of it.
std::string short_id(std::string_view id);

}  // namespace caisson::life
