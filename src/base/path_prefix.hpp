// Where a path lies, by its words alone. Pure.
#pragma once

#include <string_view>

namespace caisson::text {

// Both clean, and both absolute or both relative to the same place. Nothing lies below an empty top but itself.
constexpr bool is_at_or_below(std::string_view path, std::string_view top) noexcept {
  return path.starts_with(top) && (path.size() == top.size() || top == "/" || path[top.size()] == '/');
}

}  // namespace caisson::text
