// Writes one JSON document into a string, keys in the order given: compact (one line) or pretty (as Go's MarshalIndent writes
// it). Slashes are never escaped; bytes that are not UTF-8 become U+FFFD, so that the output is always valid JSON.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace caisson::json {

struct Style {
  std::string_view indent;  // one level; empty: everything on one line without spaces
};
inline constexpr Style kCompact{""};
inline constexpr Style kTabs{"\t"};          // `runc spec`
inline constexpr Style kTwoSpaces{"  "};     // `runc state`
inline constexpr Style kFourSpaces{"    "};  // `runc features`

class Writer {
 public:
  explicit Writer(Style style) : style_(style) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }
  Writer& key(std::string_view name);

  Writer& string(std::string_view value);
  Writer& boolean(bool value) { return scalar(value ? "true" : "false"); }
  Writer& null() { return scalar("null"); }
  template <std::integral Number>
  requires(!std::same_as<Number, bool> && !std::same_as<Number, char>) Writer& integer(Number value) {
    return scalar(text::join(value));
  }

  // The document so far, moved out.
  std::string take() { return std::move(out_); }

 private:
  Writer& open(char bracket);
  Writer& close(char bracket);
  Writer& scalar(std::string_view written);
  void begin_value();
  void new_line();

  Style style_;
  std::string out_;
  std::size_t depth_ = 0;
  bool empty_ = true;  // nothing yet inside the innermost bracket
  bool after_key_ = false;
};

}  // namespace caisson::json
