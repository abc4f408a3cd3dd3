// The name of a file in quotes, for a message: made only when there is a message, since most files give none.
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"

namespace caisson::image {

class QuotedName {
 public:
  explicit QuotedName(std::string_view name) : name_(name) {}
  operator std::string_view() const { return quoted_ = text::quoted(name_); }

 private:
  std::string_view name_;
  mutable std::string quoted_;
};

}  // namespace caisson::image
