// A parsed filter. Nodes name each other by index; the last one is the whole.
#pragma once

#include <regex.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "inspect/filter.hpp"
#include "inspect/filter_words.hpp"

namespace caisson::inspect {

struct RegexEnd {
  void operator()(regex_t* regex) const noexcept {
    ::regfree(regex);
    delete regex;
  }
};

struct FilterNode {
  FilterWord word = FilterWord::End;         // of an operand or an operator
  std::size_t left = 0, right = 0;           // Not: left only
  std::size_t name = 0;                      // Name
  std::string text;                          // other operands
  std::unique_ptr<regex_t, RegexEnd> regex;  // Matches, MatchesNot
};

struct Filter::Tree {
  std::vector<FilterNode> nodes;
  std::vector<std::string> names;
};

}  // namespace caisson::inspect
