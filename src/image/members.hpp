// Members of a document that may be missing.
#pragma once

#include <string>
#include <string_view>

#include "json/document.hpp"

namespace caisson::image {

// Empty when there is none. Throws Error(Spec) for another type.
inline std::string text_member(const json::Value& object, std::string_view name) {
  const json::Value value = object[name];
  return value.present() ? value.string() : std::string();
}

}  // namespace caisson::image
