// Members of a document: those that may be missing, and lists of texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"
#include "json/writer.hpp"

namespace caisson::image {

// Empty when there is none. Throws Error(Spec) for another type.
inline std::string text_member(const json::Value& object, std::string_view name) {
  const json::Value value = object[name];
  return value.present() ? value.string() : std::string();
}

inline void write_texts(json::Writer& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

}  // namespace caisson::image
