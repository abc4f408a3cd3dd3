// The name of a field as it stands in the source: its length is known to the compiler, for hundreds of names at a start.
#pragma once

#include <cstddef>
#include <string_view>

namespace caisson::json {

class FieldName {
 public:
  template <std::size_t Size>
  consteval FieldName(const char (&literal)[Size]) : text_(literal, Size - 1) {}
  constexpr operator std::string_view() const noexcept { return text_; }

 private:
  std::string_view text_;
};

}  // namespace caisson::json
