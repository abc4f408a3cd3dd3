// The words of TOML that are no strings: integers, numbers with a fraction, dates and times. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "toml/value.hpp"

namespace caisson::toml {

// Nothing for a word that is none of them, or out of the range of 64 bits.
std::optional<Value> read_scalar(std::string_view word);
// Whether a date could go on behind a blank: "1979-05-27 07:32:00".
bool is_date(std::string_view word);

}  // namespace caisson::toml
