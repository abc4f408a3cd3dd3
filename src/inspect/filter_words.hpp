// A filter expression cut into words. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace caisson::inspect {

enum class FilterWord : std::uint8_t {
  Name,
  Text,
  Number,
  Real,
  Boolean,  // operands
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Matches,
  MatchesNot,
  And,
  Or,
  Not,
  Open,
  Close,
  End,
};

struct FilterToken {
  FilterWord word = FilterWord::End;
  std::string_view text;  // of an operand, without quotes
  std::size_t at = 0;     // where it begins
};

// Ends with End. Throws Error{Usage}.
std::vector<FilterToken> filter_tokens(std::string_view expression);

// "at character 7: "
[[noreturn]] void filter_error(std::size_t at, std::string_view what);

}  // namespace caisson::inspect
