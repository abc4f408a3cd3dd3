// The filter language of `lsns -Q` and `caisson ns ls --filter`, as libsmartcols has it (man 5 scols-filter):
//   TYPE == "net" && (NPROCS > 10 || COMMAND =~ "^sleep")
// Names are columns; a bare name is true when the column is not empty. Operators: == != < <= > >= or eq ne lt le gt ge; =~ !~
// with a POSIX extended regular expression; && || ! or and or not; parentheses. Numbers may end in K, M, G... (powers of 1024).
// "not" binds to the operand next to it, comparisons stronger than "and" and "or", which bind alike, from left to right. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::inspect {

// What a column holds in one line; empty: nothing, which only != and !~ are true for.
struct ColumnValue {
  std::string text;
  bool is_number = false;
};

class Filter {
 public:
  // Throws Error{Usage} with what was expected where.
  static Filter parse(std::string_view expression);

  Filter(Filter&&) noexcept;
  Filter& operator=(Filter&&) noexcept;
  ~Filter();

  // The columns that it asks for, each once, as they were written.
  const std::vector<std::string>& names() const noexcept;
  // value_of gets an index of names().
  bool matches(const std::function<ColumnValue(std::size_t)>& value_of) const;

 private:
  struct Tree;
  explicit Filter(std::unique_ptr<Tree> tree) noexcept;

  std::unique_ptr<Tree> tree_;
};

}  // namespace caisson::inspect
