// The characters of a TOML text, one after the other, with the place of each; and its strings in all four forms.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "toml/value.hpp"

namespace caisson::toml {

class TextReader {
 public:
  // Throws Error{Spec} for bytes that may stand nowhere.
  TextReader(std::string_view text, std::string_view file);

  bool at_end() const noexcept { return at_ == text_.size(); }
  // NUL at the end.
  char peek(std::size_t ahead = 0) const noexcept { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool sees(std::string_view word) const noexcept { return text_.substr(at_).starts_with(word); }
  bool take_if(char wanted) noexcept;
  void skip(std::size_t count) noexcept { at_ += count; }
  void skip_blanks() noexcept;
  // Blanks, line ends and comments.
  void skip_space();
  // Behind an expression: blanks and a comment up to the end of the line.
  void end_line();
  // Up to the first character that is none of those of bare words.
  std::string_view take_word(std::string_view besides) noexcept;
  // Stands at its first quote.
  std::string take_string();
  // On one line only: of a key.
  std::string take_short_string();

  std::size_t offset() const noexcept { return at_; }
  Place place() const { return place_at(at_); }
  Place place_at(std::size_t offset) const;
  [[noreturn]] void refuse(std::string_view problem, std::string_view hint = {}) const { refuse_at(at_, problem, hint); }
  [[noreturn]] void refuse_at(std::size_t offset, std::string_view problem, std::string_view hint = {}) const {
    toml::refuse(file_, place_at(offset), problem, hint);
  }

 private:
  bool take_line_end() noexcept;
  std::string take_long_string(char quote);
  void take_escape(std::string& out, std::size_t string_at);
  bool take_folded_line();
  void add_code_point(std::string& out, unsigned digits);

  std::string_view text_, file_;
  std::size_t at_ = 0;
  // Places are mostly asked for in the order of the text.
  mutable std::size_t counted_ = 0;
  mutable Place counted_to_;
};

}  // namespace caisson::toml
